"""Prints the condition trees that pySigma parses from Sigma rules, for pysigma.ts.

Reads a JSON object from standard input: "rules" (paths of rule files) and "pipelines" (texts of pipelines, YAML or JSON, in order). Writes a JSON object from path to
a tree, or to {"error": message}. Trees are {"all": […]}, {"any": […]}, {"not": …} and leaves of "field" and a value.
"""

import json
import sys

from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR
from sigma.processing.pipeline import ProcessingPipeline
from sigma.rule import SigmaRule
from sigma import types


letters = {
    types.SigmaRegularExpressionFlag.IGNORECASE: "i",
    types.SigmaRegularExpressionFlag.MULTILINE: "m",
    types.SigmaRegularExpressionFlag.DOTALL: "s",
}


def glob(text):
    """A string in Sigma's own notation."""
    return "".join(glob_part(part) for part in text.s)


def glob_part(part):
    if isinstance(part, str):
        return "".join("\\" + character if character in "*?\\" else character for character in part)
    if isinstance(part, types.Placeholder):
        return f"%{part.name}%"
    return "*" if part == types.SpecialChars.WILDCARD_MULTI else "?"


def leaf(field, value):
    if isinstance(value, types.SigmaExpansion):
        return {"any": [leaf(field, member) for member in value.values]}
    if isinstance(value, types.SigmaExists):
        return {"field": field, "exists": True} if value.exists else {"not": {"field": field, "exists": True}}
    return {"field": field, **test(value)}


def test(value):
    if isinstance(value, types.SigmaString):
        return {"text": glob(value), "cased": isinstance(value, types.SigmaCasedString)}
    if isinstance(value, types.SigmaBool):
        return {"boolean": value.boolean}
    if isinstance(value, types.SigmaNumber):
        return {"number": value.number}
    if isinstance(value, types.SigmaNull):
        return {"null": True}
    if isinstance(value, types.SigmaRegularExpression):
        flags = sorted(letters[flag] for flag in value.flags)
        return {"regex": value.regexp.original if hasattr(value.regexp, "original") else str(value.regexp), "flags": "".join(flags)}
    if isinstance(value, types.SigmaCIDRExpression):
        return {"network": str(value.network)}
    if isinstance(value, types.SigmaCompareExpression):
        return {"compare": value.op.name.lower(), "number": value.number.number}
    if isinstance(value, types.SigmaFieldReference):
        return {"other": value.field, "starts": bool(value.starts_with), "ends": bool(value.ends_with)}
    raise ValueError(f"a value of {type(value).__name__}")


def tree(condition):
    if isinstance(condition, ConditionAND):
        return {"all": [tree(member) for member in condition.args]}
    if isinstance(condition, ConditionOR):
        return {"any": [tree(member) for member in condition.args]}
    if isinstance(condition, ConditionNOT):
        return {"not": tree(condition.args[0])}
    field = condition.field if isinstance(condition, ConditionFieldEqualsValueExpression) else None
    return leaf(field, condition.value)


def parse(path, pipeline):
    with open(path, encoding="utf-8") as file:
        rule = SigmaRule.from_yaml(file.read())
    if pipeline is not None:
        pipeline.apply(rule)
    return {"any": [tree(condition.parsed) for condition in rule.detection.parsed_condition]}


def result(path, pipeline):
    try:
        return parse(path, pipeline)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}


def joined(texts):
    pipeline = None
    for text in texts:
        following = ProcessingPipeline.from_yaml(text)
        pipeline = following if pipeline is None else pipeline + following
    return pipeline


request = json.load(sys.stdin)
pipeline = joined(request["pipelines"])
json.dump({path: result(path, pipeline) for path in request["rules"]}, sys.stdout)
