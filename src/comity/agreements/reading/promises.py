"""A sentence's commitments: frames found, what stands round each, who acts, when, and how firmly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import comity.agreements.reading.clauses as clauses
import comity.agreements.reading.frames as frames
import comity.agreements.reading.lines as lines
import comity.agreements.reading.topic as topic
from comity.agreements.commitment import Commitment, Due
from comity.agreements.reading.actors import bodies, countries, people, seats, unique
from comity.agreements.reading.due import Span, Times, due
from comity.agreements.reading.frames import Match
from comity.agreements.reading.sentences import Sentence
from comity.agreements.reading.tokens import Token, tokens
from comity.agreements.reading.words import Lexicon

AGED = 400  # days: an act done longer ago is history, not news of the text
FRESH = 31
MOST_ACTS = 16  # of one sentence: more are no sentence but noise
TOPIC_LETTERS = 600  # of an act that are looked at for its topic


@dataclass(slots=True)
class Context:
    """What earlier sentences of a text have told. `served` : surname -> country; `actor` : who spoke or acted last."""

    language: str
    lexicon: Lexicon
    base: date | None
    parties: tuple[str, ...]
    served: dict[str, str] = field(default_factory=dict)
    actor: tuple[str, ...] = ()
    around: str = ""
    heading: str = ""
    about: dict[str, float] = field(default_factory=dict)  # share of each topic in the whole text
    spoken: bool = False
    quoted: bool = False  # a quotation that began before is still open
    signed: bool = False  # the text is itself an agreed one: minutes, a protocol
    opened: bool = False  # the sentence before ended with a colon
    mark: str = ""  # how the points of the list under way are marked
    lead: Match | None = None
    lead_actors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A frame with what stands round it, ready to become a commitment."""

    match: Match
    strength: str
    clause: clauses.Clause
    end: int
    actors: tuple[str, ...]
    governor: Match | None = None
    cue: str = ""
    when: tuple[int, int] | None = None  # words that hold the time, where it stands apart from the act


def commitments(text: str, sentence: Sentence, told: Context) -> list[Commitment]:
    """Commitments of one sentence, in order; `told` is brought up to date for the next."""
    words = tokens(text, sentence.start, sentence.end, told.lexicon)
    told.served.update((name, code) for name, code in people(words, told.language) if name not in told.served)
    asks = bool(words) and words[-1].low == "?"
    listed = _listed(words, told)
    found = listed or ([] if sentence.heading or asks else list(_found(words, text, sentence, told)))
    spans = Times(words, told.lexicon, told.base).spans() if found else []
    made = [_made(one, words, text, sentence, told, spans) for one in found if not _only_opens(one, words)]
    _remember(words, text, sentence, told, found)
    return [one for one in made if one is not None]


LED = {"would": "will", "could": "will", "must": "will", "need": "will", "future": "will", "done": "agreed"}
LISTED = frames.Frame("listed", "act", (), None, "agreed", frozenset(), 0.8)


def _listed(words: Sequence[Token], told: Context) -> list[Found]:
    """The promise of a labelled line of an action list; its state "completed" makes it done."""
    line = lines.line(words)
    if line is None or (line.actor and any(word.has("<not>") for word in words[line.actor[0] : line.actor[1]])):
        return []
    first, end = line.act
    state = words[line.state[0] : line.state[1]] if line.state else ()
    done = any(word.has("<finished>") for word in state) and not any(word.has("<not>") for word in state)
    actors = _named(words[line.actor[0] : line.actor[1]], told) if line.actor else ()
    around = clauses.Clause(0, len(words), (first, first))
    match = Match(LISTED, *line.label, first)
    return [Found(match, "done" if done else "agreed", around, end, actors, when=line.state if done else line.due)]


# --- which frames count ---------------------------------------------------------------------------------------------


def _found(words: Sequence[Token], text: str, sentence: Sentence, told: Context) -> Iterator[Found]:
    matches = frames.matches(words, told.language)
    start = clauses.opening(words)
    acts = _apart(match for match in matches if match.frame.role == "act" and _stands(match, matches, words, start))
    speaks = told.spoken or told.quoted or any(word.has("<say>") and word.has("<any>:finite") for word in words)
    times = Times(words, told.lexicon, told.base).spans()
    for number, match in enumerate(acts):
        following = acts[number + 1] if number + 1 < len(acts) else None
        one = _weighed(match, following, matches, words, start, speaks, times, told)
        if one:
            yield from _parts(one, words, times)
    listed = sentence.item and told.mark in ("", sentence.mark)
    if told.lead and not acts and (listed or told.opened):
        yield from _inherited(words, start, told)


def _apart(acts: Iterable[Match]) -> list[Match]:
    """Acts without those that begin inside the one before: "submit a proposal to" in "shall submit a proposal to"."""
    kept: list[Match] = []
    for match in acts:
        if (not kept or match.first >= kept[-1].end) and len(kept) < MOST_ACTS:
            kept.append(match)
    return kept


def _only_opens(one: Found, words: Sequence[Token]) -> bool:
    """Whether a promise is no more than the head of the list below it: resolved to declare the following:"""
    return words[-1].low == ":" and any(word.has("<next>") for word in words[max(one.match.act, len(words) - 5) :])


def _stands(match: Match, matches: Sequence[Match], words: Sequence[Token], start: int) -> bool:
    """Whether the words allow a frame at all: an act follows, and a verb that only looks like one is none."""
    if match.act >= len(words):
        return False
    if match.frame.strength == "could" and not _governor(match, matches, words):
        return False
    if "bare" in match.frame.needs:
        return _bare(words, start, match)
    return "present" not in match.frame.needs or _present(words[match.act])


def _weighed(match: Match, following, matches, words, start, speaks, times, told: Context) -> Found | None:
    """A frame as a promise, or None where something it needs is missing."""
    frame = match.frame
    governor = _governor(match, matches, words)
    around = clauses.clause(words, start, match.first, match.act)
    end = min(around.end, _next_verb(following, words, around.end)) if following else around.end
    subject = words[around.subject[0] : around.subject[1]]
    if match.first and words[match.first - 1].has("<thatword>") and around.first < match.first:
        subject = words[
            match.first - 1 : match.first
        ]  # a platform that will help: what it does is no promise of anybody
    strength = _strength(frame.strength, governor, speaks, words, match)
    led = (
        told.lead is not None
        and "bare" in frame.needs
        and LED.get(told.lead.frame.strength, told.lead.frame.strength) == "agreed"
    )
    if strength == "will" and (led or told.signed or any(word.has("<party>") for word in _core(subject))):
        strength = "agreed"
    if (
        strength is None
        or (subject and subject[0].has("<negative>"))
        or _wondered(words, around.first, match)
        or end <= match.act
    ):
        return None
    ahead = _ahead(times, match.first, end, told.base)
    if frame.needs & {"active", "becomes"} and not _acts(subject, words[match.act : end], match, ahead):
        return None
    if strength in ("intends", "interest") and "noun" not in frame.needs and _is_noun(words, around.first, match.first):
        return None
    if "doer" in frame.needs and not _doer(subject):
        return None
    if "actor" in frame.needs and not _is_actor(subject, words, told):
        return None
    act = words[match.act : end]
    if "event" in frame.needs and not any(word.has("<eventnoun>") for word in act[:8]):
        return None
    if "nominal" in frame.needs and not _nominal(act, told.lexicon):
        return None
    if "told" in frame.needs and not any(
        word.has("<say>") and word.has("<any>:finite") for word in words[: match.first]
    ):
        return None
    if "fresh" in frame.needs and not _fresh(words, times, around, told.base):
        return None
    if "due" in frame.needs and not ahead and not _soon(words[match.first : end]):
        return None
    if any(word.has("<courtesy>") for word in act[:4]):
        return None
    if strength == "done" and not _news(match, words, around, times, told):
        return None
    if _barred(match, words, around, start):
        return None
    return Found(match, strength, around, end, _actors(subject, words, match, told), governor)


def _governor(match: Match, matches: Sequence[Match], words: Sequence[Token]) -> Match | None:
    """The last governor before a frame in the same stretch of the sentence."""
    found = None
    for other in matches:
        if other.frame.role == "governor" and other.first < match.first:
            if not any(word.low == ";" for word in words[other.end : match.first]):
                found = other
    return found


def _strength(own: str, governor: Match | None, speaks: bool, words, match: Match) -> str | None:
    coloured = governor.frame.strength if governor else ""
    if own == "would":
        if coloured in ("agreed", "interest"):
            return coloured
        return "will" if speaks and _reported(words, match) else None
    if own == "could":
        return coloured if coloured in ("agreed", "intends", "interest") else None
    if own == "must":
        return coloured or ("noted" if speaks else None)
    if own == "need":
        return "noted" if coloured or speaks else None
    if own in ("will", "intends") and (_agreed_behind(words, match) or _in_pact(words, match)):
        return "agreed"
    if own == "future":
        return "will"
    if own in ("will", "intends") and coloured in ("agreed", "interest", "intends"):
        return coloured
    return own


def _reported(words: Sequence[Token], match: Match) -> bool:
    """Whether a past verb of saying with "that" governs the frame: said that he would."""
    before = words[: match.first]
    says = next((place for place, word in enumerate(before) if word.has("<say>") and word.has("<any>:past")), None)
    return says is not None and not any(word.has("<condition>") for word in words)


def _agreed_behind(words: Sequence[Token], match: Match) -> bool:
    """Whether the sentence ends by saying that all of it was agreed: ..., it was agreed."""
    rest = words[match.act :]
    return any(
        word.has("<it>") and any(one.has("<agree>:past") for one in rest[place + 1 : place + 5])
        for place, word in enumerate(rest)
        if place > len(rest) - 8
    )


def _in_pact(words: Sequence[Token], match: Match) -> bool:
    """Whether a relative clause tells what was agreed or signed: set up a group which will meet, a memorandum under which."""
    which = next((place for place in range(match.first - 1, -1, -1) if words[place].has("<relative>")), None)
    if which is None or any(clauses.is_verb(word) for word in words[which + 1 : match.first]):
        return False
    before = words[:which]
    return any(word.has("<agree>:finite") for word in before) or any(
        word.has("<complete>:past") and after.has("<pact>")
        for word, following in ((word, before[place + 1 : place + 6]) for place, word in enumerate(before))
        for after in following
    )


def _next_verb(following: Match, words: Sequence[Token], end: int) -> int:
    """Where the next frame's clause begins, if it is joined by "and" or a comma."""
    place = following.first
    while place > 0 and not (words[place - 1].low in (",", ";") or words[place - 1].has("<joins-clause>")):
        place -= 1
    return max(place - 1, 0) if place else end


def _acts(subject, act, match: Match, dated: bool) -> bool:
    """Whether a future is a promise and no forecast: a doer who does, an event that takes place, anything that acts from a day on."""
    if any(word.has("<aim>") for word in subject[-6:]):
        return False
    head = next(
        (word for word in act if not (word.has("<adv>") or word.has("<to>") or word.has("<not>") or word.has("<be>"))),
        None,
    )
    if head is None:
        return False
    passive = any(word.has("<be>") for word in act[:3]) and head.has("<any>:past")
    be = any(word.has("<be>") for word in act[:3])
    if head.has("<neverpromise>") and not passive:
        return False
    if be and not passive:
        return "becomes" in match.frame.needs
    if passive:
        return True
    if head.has("<happen>"):
        return True
    if _doer(subject):
        return not head.has("<weak>") or _willing(subject)
    if match.frame.strength == "agreed":  # shall: whatever the subject is, both have agreed to it
        return not head.has("<weak>")
    return dated and head.has("<undertaken>") and not head.has("<weak>")


def _doer(subject: Sequence[Token]) -> bool:
    """Whether the subject is somebody: the head of the phrase is a person, body, country or pronoun."""
    core = _core(subject)
    if not core or any(word.has("<actornoun>") or word.has("<pronoun>") or _is_name(word) for word in core):
        return True
    beside = subject[len(core) + 1 :]  # AeroSarmata, a Polish carrier,
    return bool(beside) and subject[len(core)].low == "," and any(word.has("<actornoun>") for word in _core(beside))


def _is_name(word: Token) -> bool:
    return word.has("<name>") and not (word.has("<eventnoun>") or word.has("<document>"))


def _core(subject: Sequence[Token]) -> Sequence[Token]:
    """The subject's head phrase: up to its first "of", "for", "on", comma. Behind a phrase that leads in, the last one."""
    if subject and subject[0].has("<prep>"):
        heads = [place for place, word in enumerate(subject) if word.has("<det>") or word.has("<pronoun>")]
        subject = subject[heads[-1] :] if heads else subject[-2:]
    core: list[Token] = []
    for word in subject:
        if word.low in (",", "(") and core:
            break
        if core and word.has("<prep>") and not core[-1].has("<det>"):
            break
        core.append(word)
    return core


def _willing(subject: Sequence[Token]) -> bool:
    """Whether the subject could bind itself: a country, a government, persons; then even "will strengthen" is a promise."""
    core = _core(subject)
    return any(
        word.has("<actornoun>") or _is_name(word) or word.has("<pronoun>")
        for word in core
        if not (word.has("<it>") or word.has("<he>"))
    )


def _is_noun(words: Sequence[Token], first: int, place: int) -> bool:
    """Whether plans, offers, calls are things and no verb: an earlier verb governs them (discussed future plans to)."""
    word = words[place]
    forms = {tag.rpartition(":")[2] for tag in word.tags if ":" in tag}
    if not forms & {"third", "base"} or "past" in forms or (place and words[place - 1].has("<pronoun>")):
        return False
    for before in reversed(words[first:place]):
        if before.has("<conj>") or before.low == "," or before.has("<thatword>") or before.has("<relative>"):
            return False
        if clauses.is_verb(before):
            return not (before.has("<say>") or before.has("<have>") or before.has("<be>"))
    return False


def _is_actor(subject, words, told: Context) -> bool:
    core = _core(subject)
    if not core:
        return False
    if any(word.has("<actornoun>") and not word.has("<it>") for word in core):
        return True
    return bool(countries(core, told.language) or bodies(core, told.language)) or core[-1].capital


def _bare(words: Sequence[Token], start: int, match: Match) -> bool:
    """Whether a line has no verb of its own before "to", as headlines and lists of actions do: Peru to train inspectors."""
    lead, rest = words[start : match.first], words[match.act + 2 :]
    if not lead or lead[0].has("<prep>") or lead[-1].has("<verb>"):
        return False
    if any(word.has(tag) for word in lead for tag in ("<any>:finite", "<modal>", "<be>", "<have>", "<do>", "<not>")):
        return False
    return not any(clauses.is_verb(word) and not word.has("<any>:past") for word in rest)


def _present(word: Token) -> bool:
    """Whether a verb is in the present: flights start on 1 July."""
    return not word.has("<any>:past") and (word.has("<any>:third") or word.has("<any>:base"))


def _nominal(act: Sequence[Token], lexicon: Lexicon) -> bool:
    """Whether an act names something to do: a noun made of a verb, a verb in -ing, an infinitive, an event."""
    endings = lexicon.words("noun-ending")
    for word in act[:12]:
        if word.has("<to>") or word.has("<eventnoun>") or word.has("<document>") or word.has("<any>:gerund"):
            return True
        if len(word.text) > 6 and word.low.endswith(endings) and not word.capital:
            return True
    return False


def _ahead(times: Sequence[Span], first: int, end: int, base: date | None) -> bool:
    return any(first <= span.first < end and (base is None or span.stop >= base) for span in times)


def _soon(words: Sequence[Token]) -> bool:
    """Whether words name a time to come without days: in the coming weeks, soon."""
    pairs = zip(words, words[1:], strict=False)
    return any(word.has("<vague>") and word.has("<adv>") for word in words) or any(
        word.has("<next>") and any(after.has(f"<unit-{unit}>") for unit in ("day", "week", "month", "year"))
        for word, after in pairs
    )


def _fresh(words: Sequence[Token], times: Sequence[Span], around, base: date | None) -> bool:
    """Whether the clause names a day shortly before that of the text."""
    if base is None:
        return False
    if any(words[place].has(tag) for place in range(around.first, around.end) for tag in ("<weekday>", "<today>")):
        return True
    return any(
        around.first <= span.first < around.end and span.stop <= base and (base - span.stop).days <= FRESH
        for span in times
    )


def _wondered(words: Sequence[Token], first: int, match: Match) -> bool:
    """Whether the promise is only asked for: unclear whether the loan will be extended."""
    before = words[first : match.first]
    return any(word.has("<whether>") for word in before) and not any(word.low == "," for word in before)


def _news(match: Match, words, around, times: Sequence[Span], told: Context) -> bool:
    """Whether something done was done now: a finite verb of the main clause, not long before the text."""
    head = match.first
    hidden = (place for place in range(around.first, head) if words[place].has("<relative>"))
    if words[head].has("<relative>") or any(not clauses.aside(words, place, head) for place in hidden):
        return False
    if match.frame.name == "done":
        after = words[head + 1] if head + 1 < len(words) else None
        if after is None or after.has("<agent-prep>"):
            return False
        earlier = words[around.first : head]
        if any(
            word.has("<any>:finite") or word.has("<modal>") or word.has("<be>")
            for word in earlier[:-1]
            if not word.capital
        ):
            return False
        if not any(
            word.has("<document>") or word.has("<eventnoun>") or word.has("<open>")
            for word in words[head + 1 : head + 9]
        ):
            return False
    near = [span for span in times if told.base and span.stop <= told.base]
    if told.base and any((told.base - span.stop).days <= FRESH for span in near):
        return True
    if any(word.has("<background>") for word in words[:head]):
        return False
    comma = max((place for place in range(around.first, head) if words[place].low == ","), default=around.first)
    near_it = words[comma : around.end]
    if any(word.has("<last>") and after.has("<unit-year>") for word, after in zip(near_it, near_it[1:], strict=False)):
        return False
    if told.base is None:
        return True
    return not any((told.base - span.stop).days > AGED for span in near if span.first >= comma)


def _barred(match: Match, words, around, start: int) -> bool:
    """Whether a condition or a relative clause hides the frame: if the parties agree, which agreed to."""
    if match.frame.strength in ("will", "done", "would", "must", "future"):
        lead = words[around.first : match.first]
        if lead and lead[0].has("<relative>") and match.frame.strength in ("done", "must"):
            return True
    before = words[max(around.first, match.first - 14) : match.first]
    return bool(before) and before[0].has("<if>") and "," not in {word.low for word in before}


# --- several promises of one frame ----------------------------------------------------------------------------------


def _parts(one: Found, words: Sequence[Token], times: Sequence[Span]) -> Iterator[Found]:
    """A promise of several acts as several: agreed to A and to B; will meet on 12 May and the other on 15 May."""
    cuts = [one.match.act]
    first = words[one.match.act]
    if first.has("<to>") and one.strength != "done":
        for place in range(one.match.act + 2, one.end - 1):
            word, after = words[place], words[place + 1]
            if (
                (word.low == "," or word.has("<and>"))
                and after.has("<to>")
                and place + 2 < one.end
                and words[place + 2].has("<open>")
            ):
                cuts.append(place + 1)
            elif (
                word.has("<and>")
                and after.has("<verb>:base")
                and not words[place - 1].has("<verb>:base")
                and _after_object(words, one.match.act, place)
            ):
                cuts.append(place + 1)
    cuts.append(one.end)
    for number, cut in enumerate(cuts[:-1]):
        end = cuts[number + 1]
        while end > cut + 1 and (words[end - 1].low == "," or words[end - 1].has("<trailing>")):
            end -= 1
        yield replace(one, match=replace(one.match, act=cut), end=end)


def _after_object(words: Sequence[Token], act: int, place: int) -> bool:
    """Whether an object stands between the first verb and "and": promote trade and sign, not buy and sell goods."""
    return place - act >= 3 and words[place - 1].has("<open>")


def _inherited(words: Sequence[Token], start: int, told: Context) -> Iterator[Found]:
    """A point of a list, under a line such as "The parties agreed to:"."""
    lead = told.lead
    if lead is None or len(words) < 3 or _says_itself(words[start : start + 14]):
        return
    end = len(words)
    while end > start and (words[end - 1].low in (".", ";", ",") or words[end - 1].has("<and>")):
        end -= 1
    frame = replace(lead.frame, confidence=lead.frame.confidence * 0.9)
    strength = LED.get(frame.strength, frame.strength)
    yield Found(
        Match(frame, start, start, start), strength, clauses.Clause(start, end, (start, start)), end, told.lead_actors
    )


def _says_itself(words: Sequence[Token]) -> bool:
    """Whether a point of a list has a subject and verb of its own."""
    for place, word in enumerate(words[1:], 1):
        before = words[place - 1]
        if clauses.is_verb(word) and not word.has("<any>:past"):
            return True
        if word.has("<any>:finite") and (before.has("<name>") or before.has("<actornoun>") or before.has("<pronoun>")):
            return True
    return False


# --- who --------------------------------------------------------------------------------------------------------------


def _actors(subject: Sequence[Token], words, match: Match, told: Context) -> tuple[str, ...]:
    """Who is to act: named in the subject, else he who spoke, else both."""
    tail = subject[-3:]
    together = any(word.has("<both>") for word in subject)
    named = _named(subject, told)
    if (
        any(word.has("<joint>") and not word.has("<title>") for word in tail)
        and len(named) < 2
        and (together or not named)
    ):
        return told.parties
    if named:
        return named
    if any(word.has("<occasion>") for word in _core(subject)):  # a meeting is both parties', wherever it is held
        return told.parties
    speaker = _speaker(words, match, told)
    pronoun = any(word.has("<pronoun>") for word in subject)
    guess = (told.actor or speaker) if pronoun else (speaker or _named(words[: match.first], told) or told.actor)
    if guess and set(guess) <= set(told.parties):
        visited = {code for _, _, code in countries(words[match.act : match.act + 8], told.language)}
        others = tuple(party for party in told.parties if party not in visited)
        return others if set(guess) <= visited and others else guess
    return guess or told.parties


def _speaker(words: Sequence[Token], match: Match, told: Context) -> tuple[str, ...]:
    """Whose words the clause are: the subject of the verb of saying, before it or behind the comma."""
    says = [
        place
        for place, word in enumerate(words)
        if word.has("<say>") and word.has("<any>:finite") and place != match.first
    ]
    for place in says:
        window = words[max(0, place - 12) : place] if place < match.first else words[max(match.act, place - 10) : place]
        named = _named(window, told)
        if named:
            return named
        if any(word.has("<pronoun>") or word.has("<actornoun>") for word in window[-4:]):
            return told.actor
    return ()


def _named(words: Sequence[Token], told: Context) -> tuple[str, ...]:
    """Countries, else bodies, named; persons by the country they serve."""
    codes = [code for _, _, code in countries(words, told.language)]
    codes = codes or seats(words, told.language)
    codes += [told.served[word.low] for word in words if word.capital and word.low in told.served]
    own = [
        name for first, last, name in bodies(words, told.language) if not countries(words[first:last], told.language)
    ]
    if own and not any(word.has("<title>") for word in words):
        return unique([*own[:2]])
    relevant = [code for code in codes if code in told.parties]
    return unique(relevant or codes)


def _remember(words: Sequence[Token], text: str, sentence: Sentence, told: Context, found: Sequence[Found]) -> None:
    """Who spoke or acted, and what list was opened, for the sentences that follow."""
    start = clauses.opening(words)
    verb = next(
        (
            place
            for place, word in enumerate(words)
            if place > start and (word.has("<any>:finite") or word.has("<be>") or word.has("<will>"))
        ),
        len(words),
    )
    subject = _named(words[start:verb], told)
    pronoun = any(word.has("<pronoun>") for word in words[start:verb])
    if len(subject) == 1 and not pronoun:
        told.actor = subject
    elif len(subject) > 1:
        told.actor = ()
    opens = bool(words) and words[-1].low == ":"
    if sentence.heading and not opens:
        leads = frames.matches(words, told.language, heading=True)
        told.lead, told.lead_actors = (leads[0], _named(words, told) or told.parties) if leads else (None, ())
        told.mark = ""
    elif opens:
        told.mark = ""
        told.lead = found[-1].match if found else _unfinished(words, told)
        told.lead_actors = found[-1].actors if found else (_named(words, told) or told.parties)
    elif sentence.item and not told.mark:
        told.mark = sentence.mark
    elif (not sentence.item and not told.opened) or (sentence.item and sentence.mark != told.mark):
        told.lead = None
    told.opened = opens
    if sentence.heading:
        told.heading = text[sentence.start : sentence.end]
    told.around = text[sentence.start : sentence.end]
    marks = sum(word.low in ('"', "“", "”") for word in words)
    told.quoted = told.quoted != bool(marks % 2)
    told.spoken = any(word.has("<say>") and word.has("<any>:finite") for word in words)


def _unfinished(words: Sequence[Token], told: Context) -> Match | None:
    """The frame of a line that breaks off before its act, as "agreed to:" and "will:" do."""
    colon = words[-1]
    act = Token(colon.start, colon.end, "…", frozenset(("<open>", "<any>", "<det>")))
    whole = (*words[:-1], act)
    matches = [
        match
        for match in frames.matches(whole, told.language)
        if match.frame.role == "act" and _stands(match, (), whole, clauses.opening(words))
    ]
    return matches[-1] if matches and matches[-1].end >= len(words) else None


# --- the commitment -----------------------------------------------------------------------------------------------------


def _made(
    one: Found, words: Sequence[Token], text: str, sentence: Sentence, told: Context, spans: Sequence[Span]
) -> Commitment | None:
    begin = one.match.act
    while begin > one.match.first and words[begin - 1].has(
        "<not>"
    ):  # agreed not to raise tariffs: the "not" is the promise
        begin -= 1
    first, last = words[begin], words[max(one.match.act, one.end - 1)]
    act = text[first.start : last.end]
    if (
        one.match.frame.needs & {"active"}
        and one.strength in ("will", "agreed", "interest", "intends")
        and _subject_is_event(one, words)
    ):
        subject = words[one.clause.subject[0] : one.clause.subject[1]]
        act = f"{text[subject[0].start : subject[-1].end]} to {act}" if subject else act
    subject_text = _span(
        text, words[one.clause.first : one.match.first]
    )  # with what leads in: In agriculture, the group
    name, speaking = topic.topic(
        topic.Said(
            act=act[:TOPIC_LETTERS],
            subject=subject_text[:TOPIC_LETTERS],
            sentence=text[sentence.start : sentence.end][: 4 * TOPIC_LETTERS],
            before=told.around[:TOPIC_LETTERS],
            heading=told.heading[:TOPIC_LETTERS],
            about=told.about,
            occasion=any(word.has("<occasion>") for word in words[one.clause.first : one.end]),
        ),
        told.language,
    )
    when = _when(one, words, text, told, spans)
    cue = (
        text[words[one.match.first].start : words[max(one.match.first, one.match.end - 1)].end]
        if one.match.end > one.match.first
        else one.match.frame.name
    )
    cues = {"strength": cue} | ({"topic": speaking} if speaking else {}) | ({"due": when.phrase} if when else {})
    if one.governor:
        cues["strength"] = text[words[one.governor.first].start : words[one.governor.end - 1].end] + " … " + cue
    actors = one.actors or told.parties
    others = tuple(party for party in told.parties if party not in actors)
    joint = set(told.parties) <= set(actors)
    condition = _condition(one, words, text)
    return Commitment(
        sentence=text[sentence.start : sentence.end], start=sentence.start, end=sentence.end, actors=actors,
        action=clauses.action(act, told.lexicon), beneficiaries=() if joint else others, due=when, strength=one.strength, topic=name,
        condition=condition, cues=cues | ({"condition": condition} if condition else {}), confidence=round(one.match.frame.confidence, 2),
    )  # fmt: skip


def _span(text: str, words: Sequence[Token]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _subject_is_event(one: Found, words: Sequence[Token]) -> bool:
    subject = words[one.clause.subject[0] : one.clause.subject[1]]
    return (
        bool(subject)
        and not _doer(subject)
        or any(word.has("<be>") for word in words[one.match.act : one.match.act + 3])
    )


def _when(one: Found, words: Sequence[Token], text: str, told: Context, spans: Sequence[Span]):
    """The days promised: a time in the act, else one that leads the clause in."""
    if one.when:
        apart = [span for span in spans if one.when[0] <= span.first < one.when[1]]
        return due(apart[0], words, text, told.base) if apart else None
    relative = next((place for place in range(one.match.act, one.end) if words[place].has("<relative>")), one.end)
    inside = [span for span in spans if one.match.first <= span.first < relative]
    if one.strength != "done" and told.base:  # a group that is to meet by June: the day stands behind "which"
        promised = any(word.has("<will>") or word.has("<due>") for word in words[relative : one.end])
        inside += [
            span
            for span in spans
            if relative <= span.first < one.end
            and span.stop >= told.base
            and (promised or words[span.first].has("<by>"))
        ]
    before = [span for span in spans if one.clause.first <= span.first < one.match.first]
    likely = [span for span in (*inside, *before) if _belongs(span, words, told, one.strength)]
    if likely:  # what is done was done on the last day told
        latest = max(likely, key=lambda span: span.stop) if one.strength == "done" else likely[0]
        return due(latest, words, text, told.base)
    if one.strength == "done" and told.base:
        return Due(start=told.base, end=told.base, phrase="", base=told.base)
    return None


def _belongs(span: Span, words: Sequence[Token], told: Context, strength: str) -> bool:
    """Whether a time is that of the act: not of a law or an earlier meeting, nor past where the act is to come."""
    before = words[span.first - 1] if span.first else None
    first = words[span.first]
    if first.has("<of>") or (before is not None and (before.low == "(" or before.has("<of-law>"))):
        return False
    if told.base is None:
        return True
    if strength == "done":
        return span.start <= told.base
    return span.stop >= told.base


def _condition(one: Found, words: Sequence[Token], text: str) -> str:
    """Words of a condition in the clause: subject to ratification, if the route does well."""
    for place in (*range(one.clause.first, one.match.first), *range(one.match.act, one.end)):
        word = words[place]
        if not word.has("<condition>"):
            continue
        after = words[place + 1] if place + 1 < len(words) else None
        if word.has("<condition-with>") and not (after and after.has("<condition-prep>")):
            continue
        if word.has("<condition-first>") and place and not (words[place - 1].low == "," or place == one.clause.first):
            continue
        stop = next((at for at in range(place + 1, len(words)) if words[at].low in (",", ";", ".")), len(words))
        return text[word.start : words[stop - 1].end]
    return ""
