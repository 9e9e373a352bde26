#!/usr/bin/env python3
"""Accepts or refuses the files that a check wrote, as the services that read them would.

    scripts/accept-check-files.py FOLDER

gates.xml is read by junitparser, results.sarif is held against the required fields and types of
SARIF 2.1.0 and what GitHub's code scanning asks for besides, and check.json is read as JSON. The
three must agree on the outcome. Prints a line a file and a line a problem; the exit status is 1 if
there is one.

Needs junitparser (checked with 5.0.3).
"""

import json
import pathlib
import re
import sys

import junitparser

# The most results of a run that code scanning takes.
MOST_RESULTS = 25_000


class Refused(Exception):
    """What is wrong, and where."""


def reject_constant(name):
    raise Refused(f"{name} is no JSON")


def read_json(path):
    # Python would accept NaN and Infinity, which JSON lacks, and keep the last of equal keys.
    def distinct(pairs):
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise Refused(f"{path.name}: a key stands twice among {sorted(keys)}")
        return dict(pairs)

    try:
        text = path.read_bytes().decode("utf-8")
        return json.loads(text, parse_constant=reject_constant, object_pairs_hook=distinct)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise Refused(f"{path.name}: {error}") from error


def need(value, kind, place):
    """The value, which must be of the kind; true and false are no integers."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        got = "nothing" if value is None else type(value).__name__
        raise Refused(f"{place}: expected {kind.__name__}, got {got}")
    return value


def need_text(value, place):
    if not need(value, str, place):
        raise Refused(f"{place}: expected a text that is not empty")
    return value


def one_of(value, allowed, place):
    if value not in allowed:
        raise Refused(f"{place}: expected one of {sorted(allowed)}, got {value!r}")
    return value


LEVELS = {"none", "note", "warning", "error"}


def check_message(message, place):
    """A message: text, or the id of one; braces doubled unless arguments fill them."""
    need(message, dict, place)
    if "text" not in message and "id" not in message:
        raise Refused(f"{place}: neither text nor id")
    for name in ("text", "id", "markdown"):
        if name in message:
            need_text(message[name], f"{place}.{name}")
    plain = re.sub(r"\{\{|\}\}", "", message.get("text", ""))
    if "arguments" not in message and ("{" in plain or "}" in plain):
        raise Refused(f"{place}.text: a brace that is not doubled")


def check_location(location, place):
    need(location, dict, place)
    physical = need(location.get("physicalLocation"), dict, f"{place}.physicalLocation")
    artifact = need(
        physical.get("artifactLocation"), dict, f"{place}.physicalLocation.artifactLocation")
    uri = need_text(artifact.get("uri"), f"{place}.physicalLocation.artifactLocation.uri")
    if re.fullmatch(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+", uri) is None:
        raise Refused(f"{place}: {uri!r} is no URI reference")
    if ":" in uri.split("/")[0] and re.match(r"[A-Za-z][A-Za-z0-9+.\-]*:", uri) is None:
        raise Refused(f"{place}: {uri!r} has a colon in its first segment")
    region = physical.get("region")
    if region is not None:
        need(region, dict, f"{place}.region")
        for name in ("startLine", "startColumn", "endLine", "endColumn"):
            if name in region and need(region[name], int, f"{place}.region.{name}") < 1:
                raise Refused(f"{place}.region.{name}: lines and columns count from 1")


def check_rule(rule, place):
    """A reportingDescriptor; code scanning wants its three texts."""
    need(rule, dict, place)
    need_text(rule.get("id"), f"{place}.id")
    for name in ("shortDescription", "fullDescription", "help"):
        text = need(rule.get(name), dict, f"{place}.{name}")
        need_text(text.get("text"), f"{place}.{name}.text")
    configuration = rule.get("defaultConfiguration", {})
    one_of(configuration.get("level", "warning"), LEVELS, f"{place}.defaultConfiguration.level")


def check_result(result, rules, place):
    need(result, dict, place)
    check_message(result.get("message"), f"{place}.message")
    rule = need_text(result.get("ruleId"), f"{place}.ruleId")
    index = need(result.get("ruleIndex"), int, f"{place}.ruleIndex")
    if not 0 <= index < len(rules) or rules[index]["id"] != rule:
        raise Refused(f"{place}: rule {index} is not {rule!r}")
    one_of(result.get("level", "warning"), LEVELS, f"{place}.level")
    locations = need(result.get("locations"), list, f"{place}.locations")
    if not locations:
        raise Refused(f"{place}: code scanning wants a location")
    for number, location in enumerate(locations):
        check_location(location, f"{place}.locations[{number}]")
    prints = need(result.get("partialFingerprints"), dict, f"{place}.partialFingerprints")
    for name, value in prints.items():
        need_text(value, f"{place}.partialFingerprints.{name}")


def check_run(run, place):
    need(run, dict, place)
    tool = need(run.get("tool"), dict, f"{place}.tool")
    driver = need(tool.get("driver"), dict, f"{place}.tool.driver")
    need_text(driver.get("name"), f"{place}.tool.driver.name")
    rules = need(driver.get("rules"), list, f"{place}.tool.driver.rules")
    for number, rule in enumerate(rules):
        check_rule(rule, f"{place}.tool.driver.rules[{number}]")
    identifiers = [rule["id"] for rule in rules]
    if len(set(identifiers)) != len(identifiers):
        raise Refused(f"{place}: a rule stands twice")
    for number, invocation in enumerate(run.get("invocations", [])):
        name = f"{place}.invocations[{number}]"
        need(need(invocation, dict, name).get("executionSuccessful"), bool, name)
        for notification in invocation.get("toolExecutionNotifications", []):
            check_message(need(notification, dict, name).get("message"), f"{name}.message")
            one_of(notification.get("level", "warning"), LEVELS, f"{name}.level")
    results = need(run.get("results"), list, f"{place}.results")
    if len(results) > MOST_RESULTS:
        raise Refused(f"{place}: {len(results)} results, more than {MOST_RESULTS}")
    for number, result in enumerate(results):
        check_result(result, rules, f"{place}.results[{number}]")
    prints = [sorted(result["partialFingerprints"].items()) for result in results]
    if any(prints.count(value) > 1 for value in prints):
        raise Refused(f"{place}: two results share their fingerprints")
    return results


def check_sarif(path):
    """The number of errors among the results."""
    log = need(read_json(path), dict, path.name)
    one_of(log.get("version"), {"2.1.0"}, "version")
    need_text(log.get("$schema"), "$schema")
    runs = need(log.get("runs"), list, "runs")
    results = [result for number, run in enumerate(runs)
               for result in check_run(run, f"runs[{number}]")]
    print(f"{path.name}: {len(results)} results")
    return sum(result.get("level", "warning") == "error" for result in results)


def check_junit(path):
    """Failures of the suite "gates", and all cases that are skipped in it."""
    try:
        report = junitparser.JUnitXml.fromfile(str(path))
    except Exception as error:  # The parser throws errors of its XML library.
        raise Refused(f"{path.name}: {error}") from error
    suites = [report] if isinstance(report, junitparser.TestSuite) else list(report)
    if [suite.name for suite in suites] != ["gates", "replay", "soundness"]:
        raise Refused(f"{path.name}: the suites are {[suite.name for suite in suites]}")
    counted = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
    for suite in suites:
        cases = list(suite)
        kinds = [type(result) for case in cases for result in case.result]
        own = {
            "tests": len(cases), "failures": kinds.count(junitparser.Failure),
            "errors": kinds.count(junitparser.Error),
            "skipped": kinds.count(junitparser.Skipped),
        }
        stated = {name: getattr(suite, name) for name in own}
        if stated != own:
            raise Refused(f"{path.name}: suite {suite.name} states {stated} and has {own}")
        if suite.name != "gates" and own["failures"] + own["errors"]:
            raise Refused(f"{path.name}: only gates can fail, and {suite.name} does")
        counted = {name: counted[name] + own[name] for name in own}
    if not isinstance(report, junitparser.TestSuite):
        stated = {name: getattr(report, name) for name in counted}
        if stated != counted:
            raise Refused(f"{path.name}: it states {stated} and has {counted}")
    print(f"{path.name}: {counted}")
    skipped = sum(isinstance(result, junitparser.Skipped)
                  for case in suites[0] for result in case.result)
    return counted["failures"], skipped


def check_json(path):
    """The outcome of the check."""
    check = need(read_json(path), dict, path.name)
    one_of(check.get("format"), {"assay-check"}, "format")
    need(check.get("schemaVersion"), int, "schemaVersion")
    need_text(check.get("sentence"), "sentence")
    need(check.get("check"), dict, "check")
    outcome = one_of(check.get("outcome"), {"passed", "failed", "inconclusive"}, "outcome")
    print(f"{path.name}: {outcome}")
    return outcome


def check_folder(folder):
    outcome = check_json(folder / "check.json")
    failures, skipped = check_junit(folder / "gates.xml")
    errors = check_sarif(folder / "results.sarif")
    expected = "failed" if failures else "inconclusive" if skipped else "passed"
    if outcome != expected:
        raise Refused(f"check.json says {outcome}, gates.xml {expected}")
    if errors != failures:
        raise Refused(f"gates.xml has {failures} failures, results.sarif {errors} errors")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        check_folder(pathlib.Path(sys.argv[1]))
    except (Refused, OSError) as error:
        print(f"refused: {error}")
        sys.exit(1)


if __name__ == "__main__":
    main()
