"""What is said, in one line each, when something that tests need is not here."""

CONTRACT = "tests on GitHub's API are left out: its description comes by npm, which is not here"
ACT = "tests/github/act is left out: pip install '.[act]' brings act"
