"""How the files of a project are laid out: same data, same comments, alike everywhere."""
