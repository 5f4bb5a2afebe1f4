#pragma once

#include <QString>
#include <QStringList>

#include "core/base/errors.h"
#include "core/base/message.h"

namespace lab {

/// UTF-8 as the window has it.
inline QString qt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

/// What Message::in takes to speak the reader's language.
std::string translated(const SourceText& source, std::optional<std::int64_t> count);

/// Core's sentence in the reader's language: what the installed translators say, else English.
QString shown(const Message& message);
QString shown(const InputError& error);
/// A text that depends on a number, which stands in it as %n, or written in a way of its own among the arguments:
/// counted(LAB_PLURAL("maps", "%1 head(s)"), heads, {grouped(heads)}).
QString counted(const SourceText& text, std::int64_t n, const QStringList& arguments = {});

/// Whole sentences one after the other; empty ones are left out.
QString sentences(const QStringList& parts);

}  // namespace lab
