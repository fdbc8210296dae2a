"""Commands and their answers: what refuses is an error, what changes something is never taken on trust."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ispcore.driver import Operation, OutcomeUnknown, Unrecognised
from ispcore.transports import Answer, CliSession
from ispcore_olt_huawei.commands import Step
from ispcore_olt_huawei.dialect import CONFIG, board
from ispcore_olt_huawei.parsing.refusals import Meaning, Refused, error_of, refusal
from ispcore_olt_huawei.parsing.written import counted, ont_id

_DONE = re.compile(r"Create traffic descriptor record successfully|saved successfully|take several minutes")
_QUESTIONS = ("Are you sure", "It will take several minutes")


class Wire:
    """A command line, and whether anything was written through it since it was asked last."""

    def __init__(self, cli: CliSession) -> None:
        """Talk through *cli*."""
        self._cli = cli
        self._known: dict[str, bool] = {}
        self.wrote = False
        self.unsaved = False

    def read(self, command: str, op: Operation, *, at: str = "") -> str:
        """Return the answer to a command that changes nothing, at a board or of the whole OLT."""
        return self._cli.read(command, op, mode=board(at) if at else CONFIG).text

    def knows(self, command: str, at: str, op: Operation) -> bool:
        """Return whether the firmware knows a command of a board; half of it is given, which does nothing.

        Raises Unrecognised where the OLT says neither.
        """
        if command not in self._known:
            answer = self._cli.read(command, op, mode=board(at))
            refused = refusal(answer.text)
            if refused is None or refused.meaning not in _HALF:
                raise Unrecognised(
                    f"Half of the command {command!r} is not refused as usual.", raw=answer.shown, wrote=False
                )
            self._known[command] = _HALF[refused.meaning]
        return self._known[command]

    def write(self, step: Step, op: Operation) -> str:
        """Give a command that changes something, and return what the OLT says.

        Raises the error that a refusal is; :class:`RefusedError` tells its meaning as well.
        """
        answer, refused = self.tried(step, op)
        if refused is not None and refused.meaning is not Meaning.ALREADY:
            raise error_of(refused, answer.shown)
        return answer.text

    def tried(self, step: Step, op: Operation) -> tuple[Answer, Refused | None]:
        """Give a command that changes something; return the answer, and what it refuses.

        Raises Unrecognised for an answer that neither refuses nor says, in known words, that it was done;
        silence is left to who reads back.
        """
        op.checkpoint()
        try:
            answer = self._cli.write(
                step.text,
                op,
                mode=board(step.board) if step.board else CONFIG,
                secrets=step.secrets,
                confirms=_QUESTIONS,
            )
        except OutcomeUnknown:
            self.wrote = True
            raise
        refused = refusal(answer.text)
        if refused is not None:
            return answer, refused
        self.wrote = self.unsaved = True
        done = counted(answer.text)
        silent = not answer.text.strip()
        if done is False or not (silent or done or ont_id(answer.text) is not None or _said(answer)):
            raise Unrecognised("The OLT does not say that it was done.", raw=answer.shown)
        return answer, None

    def save(self, op: Operation) -> None:
        """Keep what was written over a restart, where anything was."""
        if self.unsaved:
            self.write(Step("save"), op)
            self.unsaved = False


_HALF: Mapping[Meaning, bool] = {
    Meaning.INCOMPLETE: True,
    Meaning.WRONG_COMMAND: True,
    Meaning.UNKNOWN_COMMAND: False,
}


def _said(answer: Answer) -> bool:
    return _DONE.search(answer.text) is not None
