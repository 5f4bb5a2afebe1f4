#pragma once

#include <QString>
#include <string_view>

namespace lab {

/// Files with words for people that come with the program; the name of the folder is the context that translators know them by
/// (resources/translations/update.sh).
enum class DataFiles { presets, comparisons, sweeps, recipes, examples, questions };

/// A text of such a file in the reader's language. One that no translator knows, as a person's own, stays as it is.
QString dataText(DataFiles files, std::string_view text);

/// What an experiment is called or says of itself, wherever it came from: its file may be any of them.
QString experimentText(std::string_view text);

}  // namespace lab
