#pragma once

#include <QString>
#include <QStringList>

#include "core/base/errors.h"
#include "core/base/message.h"

namespace lab {

/// Core's sentence in the reader's language: what the installed translators say, else English.
QString shown(const Message& message);
QString shown(const InputError& error);

/// Whole sentences one after the other; empty ones are left out.
QString sentences(const QStringList& parts);

}  // namespace lab
