#!/usr/bin/env bash
# The Python to run cdk-stream with, as the output `python`. Nothing of the workspace is read or
# run: it may be a stranger's pull request.
set -euo pipefail

if [ -z "$CDK_STREAM_PYTHON" ]; then
  environment="$RUNNER_TEMP/cdk-stream"
  CDK_STREAM_PYTHON="$environment/bin/python"
  pip=("$CDK_STREAM_PYTHON" -I -m pip install --quiet --disable-pip-version-check --no-input)
  if [ ! -x "$CDK_STREAM_PYTHON" ]; then
    python3 -I -m venv "$environment"
    "${pip[@]}" --require-hashes --only-binary :all: -r "$GITHUB_ACTION_PATH/requirements.lock"
    "${pip[@]}" --no-deps --no-build-isolation "$GITHUB_ACTION_PATH"
  fi
fi
printf 'python=%s\n' "$CDK_STREAM_PYTHON" >>"$GITHUB_OUTPUT"
