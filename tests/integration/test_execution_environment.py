"""Execution environments, with handlers that these tests write."""

import os
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.lambda_runtime.execution_environment import (
    EnvironmentPool,
    ExecutionEnvironment,
    FunctionConfiguration,
    HandlerError,
    InitError,
    process_variables,
)
from local.lambda_runtime.process import FunctionTimeoutError, ProcessEndedError

Make = Callable[..., ExecutionEnvironment]
ARN = "arn:aws:lambda:us-east-1:123456789012:function:f"


@pytest.fixture
def log() -> list[str]:
    return []


@pytest.fixture
def make(tmp_path: Path, log: list[str]) -> Iterator[Make]:
    """A function that creates an execution environment for code; the handler is `handle`."""
    made: list[ExecutionEnvironment] = []

    def make(
        code: str, *, timeout: int = 10, variables: dict[str, str] | None = None
    ) -> ExecutionEnvironment:
        (tmp_path / "handlers.py").write_text(textwrap.dedent(code))
        configuration = FunctionConfiguration(
            name="f",
            arn=ARN,
            handler="handlers.handle",
            timeout=timeout,
            memory=256,
            log_group="/aws/lambda/f",
            environment=variables or {},
        )
        given = process_variables(
            configuration, code=tmp_path, endpoint="http://127.0.0.1:9", region="us-east-1"
        )
        made.append(ExecutionEnvironment(configuration, given, log.append))
        return made[-1]

    yield make
    for environment in made:
        environment.stop()


class TestInvoke:
    def test_returns_the_answer_of_the_handler(self, make: Make) -> None:
        function = make("def handle(event, context): return {'got': event}")
        assert function.invoke({"a": [1, None]}) == {"got": {"a": [1, None]}}

    def test_serves_all_events_in_one_process(self, make: Make) -> None:
        function = make(
            """
            seen = []
            def handle(event, context):
                seen.append(event)
                return seen
            """
        )
        assert [function.invoke(1), function.invoke(2)] == [[1], [1, 2]]

    def test_passes_on_a_large_event(self, make: Make) -> None:
        function = make("def handle(event, context): return event")
        event = {"body": "x" * 6_000_000}
        assert function.invoke(event) == event

    def test_passes_the_context_of_lambda(self, make: Make) -> None:
        function = make(
            """
            def handle(event, context):
                return [context.function_name, context.function_version, context.memory_limit_in_mb,
                        context.invoked_function_arn, context.log_group_name, bool(context.log_stream_name),
                        len(context.aws_request_id), context.get_remaining_time_in_millis()]
            """,
            timeout=7,
        )
        *fixed, remaining = function.invoke({})
        assert fixed == ["f", "$LATEST", 256, ARN, "/aws/lambda/f", True, 36]
        assert 6_000 < remaining <= 7_000

    def test_each_event_has_its_own_request_id(self, make: Make) -> None:
        function = make("def handle(event, context): return context.aws_request_id")
        assert function.invoke({}) != function.invoke({})


class TestVariables:
    CODE = "import os\ndef handle(event, context): return dict(os.environ)"

    def test_are_those_of_the_deployment_and_of_lambda_only(
        self, make: Make, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("AWS_PROFILE", "of-the-user")
        monkeypatch.setenv("HOME", "/nowhere")
        found = make(self.CODE, variables={"DOMAIN_OWNER": "1"}).invoke({})
        assert found["DOMAIN_OWNER"] == "1"
        assert found["AWS_LAMBDA_FUNCTION_NAME"] == "f"
        assert found["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
        assert found["AWS_REGION"] == "us-east-1"
        assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
        assert found["_HANDLER"] == "handlers.handle"
        assert {"AWS_PROFILE", "HOME", "VIRTUAL_ENV"}.isdisjoint(found)

    def test_keep_the_sdk_from_the_users_files(self, make: Make) -> None:
        found = make(self.CODE).invoke({})
        assert (found["AWS_CONFIG_FILE"], found["AWS_SHARED_CREDENTIALS_FILE"]) == (os.devnull, os.devnull)

    def test_hide_this_project_from_the_function(self, make: Make) -> None:
        function = make(
            """
            import importlib.util
            def handle(event, context): return importlib.util.find_spec("local") is None
            """
        )
        assert function.invoke({}) is True


class TestLog:
    def test_is_complete_before_the_answer(self, make: Make, log: list[str]) -> None:
        function = make(
            """
            import sys
            print("init")
            def handle(event, context):
                print("out")
                print("err", file=sys.stderr)
            """
        )
        function.invoke({})
        assert log[0] == "init"
        assert sorted(log[1:]) == ["err", "out"]

    def test_can_exceed_the_capacity_of_a_pipe(self, make: Make, log: list[str]) -> None:
        function = make("def handle(event, context):\n    for n in range(20_000): print('line', n)")
        function.invoke({})
        assert log == [f"line {n}" for n in range(20_000)]


class TestFailures:
    def test_an_exception_of_the_handler_is_raised_and_logged(self, make: Make, log: list[str]) -> None:
        function = make("def handle(event, context): return {}[event]")
        with pytest.raises(HandlerError, match="KeyError: 'missing'"):
            function.invoke("missing")
        assert log[0] == "Traceback (most recent call last):"
        assert "handlers.py" in log[1]
        assert log[-1] == "KeyError: 'missing'"

    def test_a_handler_that_raised_serves_the_next_event(self, make: Make) -> None:
        function = make(
            """
            count = 0
            def handle(event, context):
                global count
                count += 1
                if event: raise ValueError(event)
                return count
            """
        )
        with pytest.raises(HandlerError):
            function.invoke("bad")
        assert function.invoke(None) == 2

    def test_an_answer_that_is_not_json_is_an_error(self, make: Make) -> None:
        with pytest.raises(HandlerError, match="TypeError"):
            make("def handle(event, context): return {1, 2}").invoke({})

    def test_a_function_that_exceeds_its_time_out_is_killed_and_restarted(
        self, make: Make, log: list[str]
    ) -> None:
        function = make(
            """
            import threading
            count = 0
            def handle(event, context):
                global count
                count += 1
                if event: threading.Event().wait()
                return count
            """,
            timeout=1,
        )
        assert function.invoke(None) == 1
        with pytest.raises(FunctionTimeoutError):
            function.invoke("hang")
        assert log[-1].endswith("Task timed out after 1.00 seconds")
        assert function.invoke(None) == 1

    def test_a_process_that_ended_is_reported_and_restarted(self, make: Make, log: list[str]) -> None:
        function = make("import os\ndef handle(event, context):\n    return os._exit(3) if event else 'ok'")
        with pytest.raises(ProcessEndedError, match="status 3"):
            function.invoke("die")
        assert log[-1].endswith("Runtime exited with status 3")
        assert function.invoke(None) == "ok"

    def test_killing_ends_an_invocation_from_another_thread(self, make: Make, log: list[str]) -> None:
        function = make(
            """
            import threading
            def handle(event, context):
                print("here", flush=True)
                threading.Event().wait()
            """
        )

        def kill_when_it_runs(line: str) -> None:
            log.append(line)
            function.kill()

        function._on_log = kill_when_it_runs
        with pytest.raises(ProcessEndedError):
            function.invoke({})
        assert log == ["here"]


class TestInit:
    def test_the_text_on_standard_error_is_the_error(self, make: Make, log: list[str]) -> None:
        function = make("import sys\nsys.exit('rules.toml:3: unknown key\\n  did you mean \"exclude\"?')")
        with pytest.raises(InitError) as caught:
            function.start()
        assert str(caught.value) == 'rules.toml:3: unknown key\n  did you mean "exclude"?'
        assert log == []

    def test_an_error_class_of_the_function_is_shown_without_traceback(self, make: Make) -> None:
        function = make("class RulesError(Exception): pass\nraise RulesError('rules.toml:3: unknown key')")
        with pytest.raises(InitError) as caught:
            function.start()
        assert str(caught.value) == "rules.toml:3: unknown key"

    def test_any_other_exception_shows_its_line_in_the_function(self, make: Make) -> None:
        function = make("import nothing_of_that_name")
        with pytest.raises(InitError) as caught:
            function.start()
        text = str(caught.value)
        assert "handlers.py" in text
        assert "bootstrap.py" not in text
        assert "importlib" not in text
        assert text.endswith("ModuleNotFoundError: No module named 'nothing_of_that_name'")

    def test_a_missing_handler_is_named(self, make: Make) -> None:
        with pytest.raises(InitError, match="has no attribute 'handle'"):
            make("x = 1").start()

    def test_output_during_the_start_is_in_the_log(self, make: Make, log: list[str]) -> None:
        make("import sys\nprint('warning', file=sys.stderr)\ndef handle(event, context): pass").start()
        assert log == ["warning"]


class TestEnvironmentPool:
    def test_serves_events_in_all_environments(self, make: Make) -> None:
        code = "import os\ndef handle(event, context): return os.getpid()"
        pool = EnvironmentPool((make(code), make(code)))
        pool.start()
        assert len({pool.invoke({}) for _ in range(4)}) == 2

    def test_does_not_start_if_the_function_cannot_be_loaded(self, make: Make) -> None:
        with pytest.raises(InitError, match="broken"):
            EnvironmentPool((make("import sys\nsys.exit('broken')"),)).start()
