#pragma once

#include <QString>

#include "core/base/message.h"

namespace lab {

/// Core's sentence in the reader's language: what the installed translators say, else English.
QString shown(const Message& message);

}  // namespace lab
