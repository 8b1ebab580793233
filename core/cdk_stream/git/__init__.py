"""A project as Git has it: at a commit, or as it is staged, without a second checkout."""

from cdk_stream.git.repository import Repository, find_repository
from cdk_stream.git.trees import CommitTree, IndexTree

__all__ = ["CommitTree", "IndexTree", "Repository", "find_repository"]
