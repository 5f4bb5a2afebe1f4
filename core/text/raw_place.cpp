#include "core/text/raw_place.h"

#include <algorithm>
#include <cassert>

#include "core/text/code_points.h"

namespace lab {
namespace {

/// Of a document's text, all of it on one side or parted between both, the byte that stands here.
struct DocumentByte {
    std::size_t document = 0, at = 0;
};

DocumentByte documentByte(const Corpus& corpus, bool inValidation, std::size_t at) {
    DocumentByte found;
    for (std::size_t d = 0; d < corpus.documents.size(); ++d) {
        const TextDocument& each = corpus.documents[d];
        const bool here = each.side == TextSide::both || inValidation == (each.side == TextSide::validation);
        if (!here) continue;
        // The one that is on both sides begins the validation text with its end.
        const bool tail = inValidation && each.side == TextSide::both;
        const std::size_t begin = tail ? 0 : each.begin, size = tail ? each.tail : each.size;
        if (begin > at) break;
        found = {d, std::min(at - begin, size) + (tail ? each.size : 0)};
    }
    return found;
}

/// Of the text before the edits; what an edit put there comes from where it begins.
std::size_t byteBefore(const std::vector<TextEdit>& edits, std::size_t at) {
    std::size_t made = 0, raw = 0;
    for (const TextEdit& edit : edits) {
        if (made + (edit.begin - raw) > at) break;
        made += edit.begin - raw;
        if (made + edit.text.size() > at) return edit.begin;
        made += edit.text.size();
        raw = edit.end;
    }
    return raw + (at - made);
}

}  // namespace

TextPlace placeIn(std::string_view utf8, std::size_t at) {
    const std::string_view before = utf8.substr(0, at);
    const std::size_t lineEnd = before.rfind('\n');
    const std::string_view line = lineEnd == std::string_view::npos ? before : before.substr(lineEnd + 1);
    return {1 + std::ranges::count(before, '\n'), 1 + static_cast<std::int64_t>(codePointCount(line))};
}

RawPlace rawPlaceOf(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings, bool inValidation,
                    std::size_t at) {
    assert(!corpus.documents.empty());
    const DocumentByte found = documentByte(corpus, inValidation, at);
    const TextDocument& document = corpus.documents[found.document];
    const DocumentChange change = changeOf(corpus, texts, settings, found.document);
    const RawText& file = texts.at(document.file);
    const std::string decoded = corpus.latin1.at(document.file) ? fromLatin1(file.bytes) : std::string();
    const std::string_view whole = decoded.empty() ? std::string_view(file.bytes) : std::string_view(decoded);
    return {file.name, placeIn(whole, document.rawBegin + byteBefore(change.edits, found.at))};
}

}  // namespace lab
