#include "ui/runs/seed_names.h"

namespace lab {
namespace {

constexpr const char* between = " · seed ";

}  // namespace

std::string nameWithSeed(const std::string& name, std::uint64_t seed) {
    return name + between + std::to_string(seed);
}

QString nameWithoutSeed(const QString& name) {
    return name.section(QString::fromUtf8(between), 0, 0);
}

}  // namespace lab
