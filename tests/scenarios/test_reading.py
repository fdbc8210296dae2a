"""A scenario with a slip in it is refused as a whole, and every slip is told with its place and line."""

from pathlib import Path

import pytest

from ispcore.errors import DocumentError
from ispcore.scenarios import demo_scenario, read_scenario, read_scenario_file
from tests.scenarios.sample import CLOSE, HEAD, OPEN, line_of, problems, scenario, step


def told(text: str, words: str) -> str:
    """Return the one problem of *text*, which must name the line on which *words* stand."""
    (problem,) = problems(text)
    assert problem.startswith(f"line {line_of(text, words)}: ")
    return problem.split(": ", 1)[1]


def test_a_scenario_that_is_right_is_read_whole() -> None:
    read = scenario(OPEN, CLOSE)

    assert read.title == "A story"
    assert read.currency == "BRL"
    assert [step.do for step in read.steps] == ["subscribe", "close"]
    assert [step.place for step in read.steps] == ["steps[0]", "steps[1]"]
    assert list(read.customers) == ["ana"]


def test_the_demonstration_can_be_read() -> None:
    assert len(demo_scenario().steps) > 10


# --- wrong and unknown words


@pytest.mark.parametrize(
    ("wrong", "right", "nearest"),
    [
        ('do = "subscrbe"', 'do = "subscribe"', "'subscribe'"),
        ('do = "clsoe"', 'do = "close"', "'close'"),
    ],
)
def test_an_unknown_word_names_its_place_its_line_and_the_nearest_right_one(
    wrong: str, right: str, nearest: str
) -> None:
    text = (HEAD + OPEN + CLOSE).replace(right, wrong)
    place = "steps[0].do" if "sub" in wrong else "steps[1].do"

    problem = told(text, wrong)

    assert problem.startswith(f"{place}: ")
    assert problem.endswith(f"is nothing that a step can do. Did you mean {nearest}?")


def test_a_word_far_from_every_known_one_gets_the_list() -> None:
    text = HEAD + CLOSE.replace("close", "xyzzy")

    assert "Known are: accept_contract, accept_device, add_billing_event, add_component," in told(
        text, "xyzzy"
    )


@pytest.mark.parametrize(
    ("step", "wrong", "problem"),
    [
        (OPEN + 'pln = "home"', "pln", "steps[0].pln: This key is not known here. Did you mean 'plan'?"),
        (
            CLOSE + 'expect = { chargd = "1.00" }',
            "chargd",
            "steps[0].expect.chargd: This key is not known here. Did you mean 'charged'?",
        ),
        (
            OPEN + 'trial = { kind = "dayz" }',
            "dayz",
            "steps[0].trial.kind: 'dayz' is not known here. Use one of: none, days, month, cycle, status.",
        ),
        (
            OPEN + '\n[[steps]]\non = 2012-04-01\ndo = "expect"\nsubscription = "one"\nbucket = "activ"',
            "activ",
            "steps[1].bucket: 'activ' is not known here. Use one of: pending, active, inactive, cancelled.",
        ),
        (
            OPEN + '\n[[steps]]\non = 2012-04-01\ndo = "expect"\ncustomer = "ana"\nstates = ["payd"]',
            "payd",
            (
                "steps[1].states[0]: 'payd' is not known here. "
                "Use one of: open, partly_paid, paid, cancelled, renegotiated, written_off."
            ),
        ),
    ],
)
def test_a_wrong_word_of_a_step_says_what_is_right(step: str, wrong: str, problem: str) -> None:
    assert told(HEAD + step, wrong) == problem


@pytest.mark.parametrize(
    ("step", "wrong", "problem"),
    [
        (
            OPEN.replace('"ana"', '"anna"'),
            '"anna"',
            "steps[0].customer: No customer was named 'anna' before this step. Did you mean 'ana'?",
        ),
        (
            OPEN + '\n[[steps]]\non = 2012-04-02\ndo = "suspend"\nsubscription = "won"',
            '"won"',
            "steps[1].subscription: No subscription was named 'won' before this step. Did you mean 'one'?",
        ),
        (
            OPEN + '\n[[steps]]\non = 2012-04-02\ndo = "retract"\nsubscription = "one"\nfact = "typo"',
            '"typo"',
            "steps[1].fact: No fact was named 'typo' before this step. Known are: one.",
        ),
        (
            OPEN + CLOSE + 'expect = { entries = [{ subscription = "two", amount = "1.00" }] }',
            '"two"',
            (
                "steps[1].expect.entries[0].subscription: No subscription was named 'two' before this step. "
                "Known are: one."
            ),
        ),
        (
            '\n[[steps]]\non = 2012-04-02\ndo = "suspend"\nsubscription = "one"',
            '"one"',
            "steps[0].subscription: No subscription was named 'one' before this step. None is known yet.",
        ),
    ],
)
def test_a_name_that_names_nothing_by_then_is_told(step: str, wrong: str, problem: str) -> None:
    assert told(HEAD + step, wrong) == problem


def test_a_name_counts_only_after_the_step_that_gives_it() -> None:
    text = HEAD + '\n[[steps]]\non = 2012-04-02\ndo = "suspend"\nsubscription = "one"\n' + OPEN

    assert "No subscription was named 'one' before this step" in told(text, 'subscription = "one"')


def test_what_a_misspelt_step_would_have_named_is_not_missed_too() -> None:
    text = HEAD + OPEN.replace("subscribe", "subscrib") + '[[steps]]\non = 2012-04-02\ndo = "suspend"\n'

    assert told(text + 'subscription = "one"', "subscrib").startswith("steps[0].do: ")


def test_a_fact_of_another_subscription_cannot_be_retracted_by_mistake() -> None:
    two = OPEN.replace('as = "one"', 'as = "two"')
    retract = '\n[[steps]]\non = 2012-04-02\ndo = "retract"\nsubscription = "one"\nfact = "two"\n'

    problem = told(HEAD + OPEN + two + retract, 'subscription = "one"')

    assert problem == (
        "steps[2].subscription: The fact 'two' is one of the subscription 'two'. Write subscription = 'two'."
    )


# --- labels


def test_one_name_names_one_thing() -> None:
    (problem,) = problems(HEAD + OPEN + OPEN)

    assert "steps[1].as: 'one' names another subscription already. Choose another word." in problem


def test_a_fact_cannot_take_the_name_of_a_subscription() -> None:
    suspend = '\n[[steps]]\non = 2012-04-02\ndo = "suspend"\nas = "one"\nsubscription = "one"\n'

    (problem,) = problems(HEAD + OPEN + suspend)

    assert "steps[1].as: 'one' names another fact already." in problem


@pytest.mark.parametrize(
    "step",
    [
        CLOSE,
        '\n[[steps]]\non = 2012-04-02\ndo = "expect"\ncustomer = "ana"\n',
        (
            '\n[[steps]]\non = 2012-04-02\ndo = "pay"\ncustomer = "ana"\namount = "1.00"\nprovider = "b"\n'
            'provider_id = "1"\n'
        ),
        '\n[[steps]]\non = 2012-04-02\ndo = "allow_promotions"\ncustomer = "ana"\nallowed = false\n',
    ],
)
def test_a_step_that_makes_nothing_has_no_name(step: str) -> None:
    assert (
        told(HEAD + step + 'as = "it"', 'as = "it"')
        == "steps[0].as: This step makes nothing that could be named."
    )


def test_a_step_that_is_refused_has_no_name() -> None:
    text = HEAD + OPEN + 'refused = "no-unit"\n'

    assert told(text, 'as = "one"') == (
        "steps[0].as: A step that is refused makes nothing that could be named."
    )


# --- tasks


def test_a_task_is_a_command_to_a_subscription_and_says_when_it_is_scheduled() -> None:
    suspend = '\n[[steps]]\non = 2012-04-20\ndo = "suspend"\nsubscription = "one"\ntask = true\n'
    opened = HEAD + OPEN

    assert told(HEAD + CLOSE + "task = true\n", "task = true") == (
        "steps[0].task: 'close' is no command to a subscription, and can be no task."
    )
    assert "A task is scheduled before its day." in told(opened + suspend, "task = true")
    assert "makes nothing that could be named" in told(
        opened + suspend + 'today = 2012-04-10\nas = "two"\n', 'as = "two"'
    )


# --- days, amounts, keys


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ("on = 2012-04-30", "on = 20120430", "steps[0].on: 20120430 (int) is not a day."),
        ("on = 2012-04-30", 'on = "2012-02-30"', "steps[0].on: '2012-02-30' is not a day of the calendar."),
        ("on = 2012-04-30", "on = 2012-04-30T10:00:00Z", "steps[0].on: 2012-04-30T10:00:00+00:00 (datetime)"),
        ("on = 2012-04-30", "on = 1012-04-30", "steps[0].on: 1012-04-30 (date) is not a day that anybody"),
        ("on = 2012-04-30", "", "steps[0].on: This key is required."),
        ('do = "close"', "", "steps[0].do: This key is required."),
        ('do = "close"', "do = 3", "steps[0].do: 3 (int) is not text."),
        ('do = "close"', 'do = "close"\nexpect = 3', "steps[0].expect: 3 is not a table"),
        (
            'do = "close"',
            'do = "close"\nexpect = { charged = 90.0 }',
            "steps[0].expect.charged: 90.0 (float) is not an exact amount.",
        ),
        (
            'do = "close"',
            'do = "close"\nexpect = { charged = "90.001" }',
            "steps[0].expect.charged: 90.001 has more digits than BRL knows (2).",
        ),
        (
            'do = "close"',
            'do = "close"\nexpect = { charged = "-1.00" }',
            "steps[0].expect.charged: -1.00 BRL is below zero.",
        ),
        (
            'do = "close"',
            'do = "expect"',
            "steps[0]: It does not say of what this is expected. Give a 'subscription', a 'customer' or a",
        ),
    ],
)
def test_a_value_that_cannot_be_is_told(right: str, wrong: str, problem: str) -> None:
    found = problems(HEAD + CLOSE.replace(right, wrong))

    assert len(found) == 1
    assert problem in found[0]


def test_a_day_that_no_calendar_has_is_not_toml() -> None:
    text = HEAD + CLOSE.replace("2012-04-30", "2012-04-31")

    (problem,) = problems(text)

    assert problem.startswith(f"line {line_of(text, '2012-04-31')}: It is not TOML: ")


@pytest.mark.parametrize("key", ["customer", "plan"])
def test_a_key_that_a_step_needs_is_asked_for(key: str) -> None:
    text = HEAD + "".join(line + "\n" for line in OPEN.splitlines() if not line.startswith(f"{key} ="))

    assert told(text, "[[steps]]") == f"steps[0].{key}: This key is required."


def test_floats_are_no_money_anywhere_in_a_step() -> None:
    found = problems(HEAD + OPEN + "price = 90.0\ndiscount = { percent = 12.5 }\n")

    assert [problem.split(": ", 1)[1].split(" is not")[0] for problem in found] == [
        "steps[0].price: 90.0 (float)",
        "steps[0].discount.percent: 12.5 (float)",
    ]


def test_a_discount_is_an_amount_or_a_percentage() -> None:
    text = HEAD + OPEN + 'discount = { amount = "1.00", percent = "1" }\n'

    assert told(text, "discount") == "steps[0].discount: A discount is either an amount or a percentage."


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ("until = 2012-06-01, cycles = 3", "A discount ends on a day or after a number of cycles, not both."),
        ("cycles = 1201", "A discount cannot hold for 1201 cycles. Use 1 to 1200."),
    ],
)
def test_a_discount_ends_once(terms: str, problem: str) -> None:
    text = HEAD + OPEN + f'discount = {{ amount = "1.00", {terms} }}\n'

    assert told(text, "discount") == f"steps[0].discount: {problem}"


@pytest.mark.parametrize(
    ("key", "problem"),
    [
        (
            "untill = 2012-06-01",
            "steps[0].discount.untill: This key is not known here. Did you mean 'until'?",
        ),
        ('until = "June"', "steps[0].discount.until: 'June' is not a day."),
        ('cycles = "three"', "steps[0].discount.cycles: 'three' is not a whole number."),
    ],
)
def test_a_slip_in_a_discounts_end_is_told(key: str, problem: str) -> None:
    text = HEAD + OPEN + f'discount = {{ amount = "1.00", {key} }}\n'

    assert told(text, "discount").startswith(problem)


def test_a_cancellation_is_of_the_day_or_of_the_cycles_end() -> None:
    text = HEAD + OPEN + step("cancel", 'subscription = "one"', 'reason = "moved"', 'when = "month_end"')

    assert told(text, "month_end") == (
        "steps[1].when: 'month_end' is not known here. Use one of: day, cycle_end."
    )


def test_the_story_does_not_go_back_in_time() -> None:
    text = HEAD + OPEN + CLOSE + OPEN.replace('"one"', '"two"') + "today = 2012-04-15\n"

    assert told(text, "today") == (
        "steps[2].today: The story has reached 2012-04-30 already; it cannot go back to 2012-04-15. "
        "Put the steps in order."
    )


def test_a_scenario_without_steps_is_none() -> None:
    assert (
        "steps: A scenario needs at least one step. Write [[steps]] with 'on' and 'do'." in problems(HEAD)[0]
    )


def test_an_unknown_currency_is_told_and_no_amount_is_blamed_for_it() -> None:
    text = (HEAD + OPEN + 'price = "90.001"\n').replace("BRL", "BRK")

    (problem,) = problems(text)

    assert "catalogue.currency: 'BRK' is not a currency that is known here." in problem


def test_problems_in_several_places_are_told_at_once_in_the_order_of_their_lines() -> None:
    text = (
        (HEAD + OPEN + CLOSE)
        .replace('title = "A story"', 'title = "A story"\ntitel = 3')
        .replace('name = "Mailbox"', "")
        .replace('kind = "person"', 'kind = "persn"')
        .replace('plan = "home"', "plan = 7")
        .replace('do = "close"', 'do = "cloze"')
    )

    found = problems(text)

    assert [problem.partition(": ")[2].split(": ")[0] for problem in found] == [
        "titel",
        "catalogue.services.mailbox.name",
        "customers.ana.kind",
        "steps[0].plan",
        "steps[1].do",
    ]


# --- texts that are no TOML


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b'title = "A story', "line 1: It is not TOML: "),
        (b"[[steps]]\non = 2012-04-01\ndo =", "line 3: It is not TOML: "),
        (b'title = "caf\xe9"', "line 1: It is not UTF-8 text. Save it as UTF-8."),
        (b"\xff\xfet\x00i\x00", "line 1: It is not UTF-8 text."),
        (b'title = "a\x00b"', "line 1: It is not TOML: "),
        (b"a = " + b"[" * 200 + b"]" * 200, "It is nested"),
        (b"a" + b".a" * 100 + b" = 1", "It is nested more than 64 levels deep."),
        (b"a = " + b"9" * 10_000, "It holds a number that is too long."),
    ],
)
def test_what_is_no_toml_is_told_as_such(text: bytes, problem: str) -> None:
    assert problems(text)[0].startswith(problem)


@pytest.mark.parametrize(
    "text", ["", "a = 1", "steps = 3", "[steps]\non = 1", "catalogue = 3", "customers = []"]
)
def test_what_is_no_scenario_is_told_as_such(text: str) -> None:
    assert any("catalogue" in problem for problem in problems(text))


def test_a_byte_order_mark_does_no_harm() -> None:
    text = "\ufeff" + HEAD + CLOSE

    assert read_scenario(text).title == "A story"
    assert read_scenario(text.encode()).title == "A story"


@pytest.mark.parametrize("number", [10**18, -(10**18), 10**400])
def test_a_huge_number_is_told_and_not_printed(number: int) -> None:
    (problem,) = problems(HEAD + OPEN.replace("due_day = 10", f"due_day = {number}"))

    assert "steps[0].due_day: " in problem
    assert len(problem) < 200


def test_text_that_cannot_be_printed_is_told() -> None:
    (problem,) = problems(HEAD.replace('name = "Ana Souza"', 'name = "Ana\\u0000"') + OPEN)

    assert "customers.ana.details.name: 'Ana\\x00' is not a plain text." in problem


# --- files


def written(folder: Path, text: str, name: str = "story.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def with_catalogue_in(name: str) -> str:
    return f'title = "A story"\ncatalogue = "{name}"\n' + HEAD[HEAD.index("[customers.ana]") :] + OPEN


CATALOGUE = HEAD[HEAD.index("[catalogue]") : HEAD.index("[customers.ana]")]
SHARED = CATALOGUE.replace("[catalogue]\n", "").replace("[catalogue.", "[")


def test_a_catalogue_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    written(tmp_path / "shared", SHARED, "londrina.toml")

    read = read_scenario_file(written(tmp_path, with_catalogue_in("shared/londrina.toml")))

    assert read.catalogue["currency"] == "BRL"
    assert set(read.catalogue["plans"]) == {"home", "fast"}


def test_a_file_is_named_in_its_problems(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + CLOSE.replace("close", "cloze"))

    with pytest.raises(DocumentError) as refused:
        read_scenario_file(path)

    number = line_of(path.read_text("utf-8"), "cloze")
    assert str(refused.value).startswith(f"{path} has 1 problem:\n  line {number}: steps[0].do: 'cloze'")


def test_problems_of_a_catalogue_file_name_that_file_and_its_lines(tmp_path: Path) -> None:
    shared = SHARED.replace('name = "Mailbox"', "").replace('name = "Fast"', "name = 3")
    written(tmp_path, shared, "londrina.toml")
    path = written(tmp_path, with_catalogue_in("londrina.toml").replace('plan = "home"', "plan = 3"))

    with pytest.raises(DocumentError) as refused:
        read_scenario_file(path)

    fast, mailbox = line_of(shared, "name = 3"), line_of(shared, "[services.mailbox]")
    assert [str(problem) for problem in refused.value.problems] == [
        (
            f"line 2: catalogue: 'londrina.toml': line {fast}: plans.fast.name: 3 (int) is not text. "
            "Write it in quotes."
        ),
        f"line 2: catalogue: 'londrina.toml': line {mailbox}: services.mailbox.name: This key is required.",
        (
            f"line {line_of(path.read_text('utf-8'), 'plan = 3')}: steps[0].plan: 3 (int) is not text. "
            "Write it in quotes."
        ),
    ]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("missing.toml", "It cannot be read: No such file or directory."),
        ("folder", "It cannot be read: Is a directory."),
        ("../outside.toml", "It is no file in the scenario's folder. Put it beside the scenario."),
        ("folder/../../outside.toml", "It is no file in the scenario's folder."),
        ("/etc/hostname", "It is no file in the scenario's folder."),
        ("link.toml", "It is no file in the scenario's folder."),
        ("circle.toml", "It "),
        ("a\\u0000b", "It is no file in the scenario's folder."),
        ("x" * 5000, "It "),
    ],
)
def test_a_catalogue_file_that_is_none_is_told(tmp_path: Path, name: str, problem: str) -> None:
    written(tmp_path, SHARED, "outside.toml")
    inside = tmp_path / "stories"
    (inside / "folder").mkdir(parents=True)
    (inside / "link.toml").symlink_to(tmp_path / "outside.toml")
    (inside / "circle.toml").symlink_to(inside / "circle.toml")

    with pytest.raises(DocumentError) as refused:
        read_scenario_file(written(inside, with_catalogue_in(name)))

    (found,) = refused.value.problems
    assert str(found).startswith("line 2: catalogue: ")
    assert problem in str(found)


def test_a_catalogue_file_needs_a_scenario_file_beside_it() -> None:
    (problem,) = problems(with_catalogue_in("londrina.toml"))

    assert "catalogue: This is neither a table nor the name of a file beside the scenario." in problem


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_scenario_file_that_cannot_be_read_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DocumentError, match="It cannot be read: "):
        read_scenario_file(tmp_path / name)


def test_a_huge_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(10**9)

    with pytest.raises(DocumentError, match="It is larger than 10000000 bytes"):
        read_scenario_file(path)


# --- loading another catalogue on the way


def test_changes_of_the_catalogue_are_read_as_a_whole_catalogue() -> None:
    text = HEAD + CLOSE + '\n[[steps]]\non = 2012-05-01\ndo = "load_catalogue"\n'
    text += '[steps.changes.plans.home]\nname = "Home"\nversions = []\n'

    assert told(text, "[steps.changes.plans.home]").startswith(
        "steps[1].changes.plans.home: It has no version."
    )


def test_changes_follow_earlier_changes() -> None:
    plan = (
        '[steps.changes.plans.{}]\nname = "New"\nversions = [{{ from = 2012-01-01, price = "1.00", {} }}]\n'
    )
    booked = 'account = "acc", company = "net", document_type = "nf"'
    load = '\n[[steps]]\non = 2012-05-01\ndo = "load_catalogue"\n'

    read = scenario(CLOSE, load + plan.format("a", booked), load + plan.format("b", booked))

    assert set(read.steps[2].values["document"]["plans"]) == {"home", "fast", "a", "b"}


def test_a_refused_load_changes_nothing_for_later_ones() -> None:
    load = '\n[[steps]]\non = 2012-05-01\ndo = "load_catalogue"\n'
    refused = load + 'catalogue = { currency = "BRL" }\nrefused = "withdrawal"\n'

    read = scenario(CLOSE, refused, load + '[steps.changes.companies.new]\nname = "New"\n')

    assert set(read.steps[2].values["document"]["companies"]) == {"net", "tv", "new"}
