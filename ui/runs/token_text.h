#pragma once

#include <QString>
#include <QStringList>

#include "core/data/dataset.h"

namespace lab {

/// A token as a person sees it: a word, a number, SEP or BOS.
inline QString tokenText(const Dataset& dataset, int token) {
    return QString::fromStdString(dataset.tokenizer().shown(token));
}

inline QStringList tokenTexts(const Dataset& dataset, const std::vector<int>& tokens) {
    QStringList texts;
    for (const std::string& text : dataset.tokenizer().shown(tokens)) texts << QString::fromStdString(text);
    return texts;
}

}  // namespace lab
