#pragma once

#include <QJsonObject>

namespace lab {

struct MemoryValue;

/// As a session keeps it.
QJsonObject notesOf(const MemoryValue& value);
/// What the notes lack or spoil is as in `otherwise`.
MemoryValue memoryOf(const QJsonObject& notes, const MemoryValue& otherwise);

}  // namespace lab
