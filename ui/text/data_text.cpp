#include "ui/text/data_text.h"

#include <QCoreApplication>
#include <array>
#include <string>

#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr std::array contexts{"presets", "comparisons", "sweeps", "recipes", "examples", "questions"};

}  // namespace

QString dataText(DataFiles files, std::string_view text) {
    if (text.empty()) return {};
    return QCoreApplication::translate(contexts[static_cast<std::size_t>(files)], std::string(text).c_str());
}

QString experimentText(std::string_view text) {
    for (const DataFiles files : {DataFiles::presets, DataFiles::comparisons, DataFiles::sweeps, DataFiles::recipes, DataFiles::examples})
        if (const QString said = dataText(files, text); said != qt(text)) return said;
    return qt(text);
}

}  // namespace lab
