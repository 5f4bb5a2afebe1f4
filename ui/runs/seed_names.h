#pragma once

#include <QString>
#include <cstdint>
#include <string>

// Copies that differ in their seed alone bear one name: "QKV · seed 2". It is kept in files and taken apart again, so its word is the
// setting's key, the same in every language.

namespace lab {

std::string nameWithSeed(const std::string& name, std::uint64_t seed);
/// "QKV · seed 2" -> "QKV".
QString nameWithoutSeed(const QString& name);

}  // namespace lab
