#pragma once

#include <QString>

#include "core/base/errors.h"
#include "core/base/message.h"

namespace lab {

/// Core's sentence in the reader's language: what the installed translators say, else English.
QString shown(const Message& message);
QString shown(const InputError& error);

}  // namespace lab
