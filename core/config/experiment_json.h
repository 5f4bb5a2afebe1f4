#pragma once

#include <string>
#include <string_view>

namespace lab {

struct Experiment;

/// Reads an experiment (FORMATS.md 1). Throws InputError with the key's path for text that is no JSON, a wrong format or version, unknown
/// or duplicate keys and wrong types. What the values mean together is checked by problemsOf().
Experiment parseExperiment(std::string_view json);

/// Writes every value that is present; derived ones that are absent stay absent, and so do defaults of keys that the chosen kinds do
/// not use. Write resolved() to have all. Reading it again gives the same experiment, to the last bit.
std::string writeExperiment(const Experiment& experiment);

/// `--set path=text`: a number, a name, "true", a list "1, 2, 3", or for a section ("model.attention.pattern") a JSON object. An empty
/// text makes a derived value absent again. Throws InputError.
void setValue(Experiment& experiment, std::string_view path, std::string_view text);

/// The same with a JSON value, as sweeps have it: 60, "kv", [1, 2], {"kind": "full"}. An object replaces its whole section.
void setJson(Experiment& experiment, std::string_view path, std::string_view json);

}  // namespace lab
