#include "app/commands/print_line.h"

#include <cstdio>

namespace lab {

void printLine(const std::string& line) {
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fputc('\n', stdout);
}

void printLine(const Message& sentence) {
    if (!sentence.empty()) printLine(sentence.english());
}

}  // namespace lab
