#include "core/memory/pattern_files.h"
#include "tests/fuzz/harness.h"

namespace lab::fuzz {

void patterns(std::string_view bytes) {
    std::vector<Pattern> patterns;
    if (!accepted([&] { patterns = parsePatterns(bytes, "input"); })) return;
    require(parsePatterns(patternsAsText(patterns), "again") == patterns, "pictures are written as text as they are read");
    require(parsePatterns(patternsAsPbm(patterns), "again") == patterns, "pictures are written as plain PBM as they are read");
    require(parsePatterns(patternsAsPackedPbm(patterns), "again") == patterns, "pictures are written as packed PBM as they are read");
}

}  // namespace lab::fuzz
