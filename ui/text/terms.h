#pragma once

#include <QString>
#include <vector>

#include "core/base/message.h"

namespace lab {

/// A word that the program uses without saying each time what it means: one sentence, and a tiny example.
struct Term {
    const char* id;  ///< kept: "effective_keys"
    SourceText sentence;
    SourceText example;
};

const std::vector<Term>& terms();

/// Sentence and example, a line each; empty for what is no term.
QString termHelp(const QString& id);
/// The same behind a help of one's own, which may be empty.
QString withTerm(const QString& help, const QString& id);

}  // namespace lab
