"""The shipped notifier writes each message as a file, whole or not at all."""

from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.effects import FILES, FileNotifier, FolderConfig
from ispcore.effects.message_files import file_name, write_whole
from ispcore.errors import UndeliverableError
from ispcore.notices import About, Message, NoticeId, SubjectOfNotice

MESSAGE = Message(
    id=NoticeId("due:-5:17:email"),
    channel="email",
    sender="Rede <contas@rede.example>",
    recipient="ana@example.org",
    subject="Vence amanhã",
    text="Prezada Ana,\n\nsua fatura vence amanhã.\n\n",
    about=About(SubjectOfNotice.SLIP, "17"),
    reason="5 days after the due date",
)


def test_a_message_is_a_file_of_plain_text_with_headers(tmp_path: Path) -> None:
    FileNotifier(FolderConfig(str(tmp_path / "deep" / "out"))).hand_over(MESSAGE)

    (file,) = (tmp_path / "deep" / "out").iterdir()
    assert file.name == "due+-5+17+email.txt"
    assert file.read_text("utf-8") == (
        "Id: due:-5:17:email\n"
        "Channel: email\n"
        "From: Rede <contas@rede.example>\n"
        "To: ana@example.org\n"
        "Subject: Vence amanhã\n"
        "About: slip 17\n"
        "Reason: 5 days after the due date\n"
        "\n"
        "Prezada Ana,\n\nsua fatura vence amanhã.\n"
    )


def test_the_same_message_again_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    notifier = FileNotifier(FolderConfig(str(tmp_path)))

    for text in ("old", "new"):
        notifier.hand_over(evolve(MESSAGE, text=text))

    (file,) = tmp_path.iterdir()
    assert file.read_text("utf-8").endswith("\nnew\n")


def test_a_short_message_has_no_subject_and_one_without_sender_no_line_for_it(tmp_path: Path) -> None:
    FileNotifier(FolderConfig(str(tmp_path))).hand_over(evolve(MESSAGE, subject="", sender=""))

    (file,) = tmp_path.iterdir()
    assert not {"Subject:", "From:"} & set(file.read_text("utf-8").split())


@pytest.mark.parametrize("changed", [{"subject": "Hi\nTo: eve@example.org"}, {"recipient": "a\r\nb"}])
def test_a_header_of_several_lines_is_no_message(tmp_path: Path, changed: dict[str, str]) -> None:
    with pytest.raises(UndeliverableError, match="more than one line"):
        FileNotifier(FolderConfig(str(tmp_path))).hand_over(evolve(MESSAGE, **changed))  # type: ignore[arg-type]

    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()

    with pytest.raises(OSError, match="taken"):
        write_whole(tmp_path / "taken", b"text")

    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


@given(st.text(min_size=1, max_size=300), st.text(min_size=1, max_size=300))
def test_each_id_has_a_file_of_its_own_inside_of_the_folder(one: str, other: str) -> None:
    names = [file_name(evolve(MESSAGE, id=NoticeId(text))) for text in (one, other)]

    assert (names[0] == names[1]) is (one == other)
    assert all(Path(name).name == name and len(name) < 250 for name in names)


def test_the_notifier_is_known_as_files() -> None:
    module, _, name = FILES.factory.partition(":")

    assert (FILES.name, FILES.config, module, name) == (
        "files",
        FolderConfig,
        FileNotifier.__module__,
        "FileNotifier",
    )
