#include "core/text/corpus.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/text/code_points.h"
#include "core/text/documents.h"
#include "core/text/repeated_text.h"
#include "core/text/sha256.h"

namespace lab {
namespace {

constexpr std::string_view between = "\n\n";
constexpr std::size_t fewestToDraw = 20;

std::uint32_t small(std::size_t bytes) {
    if (bytes > UINT32_MAX) throw InputError(LAB_TEXT("text", "the clean text is larger than 4 GB"));
    return static_cast<std::uint32_t>(bytes);
}

/// One text as UTF-8 and what of it is left to be cut.
struct DecodedText {
    std::string_view text;
    ByteRange part;
    bool latin1 = false;
    std::string own;  ///< what was Latin-1
};

void decode(const RawText& raw, const CleaningRules& rules, CleaningReport& report, DecodedText& decoded) {
    const std::size_t invalid = firstInvalidByte(raw.bytes);
    decoded.text = raw.bytes;
    if (invalid != std::string_view::npos) {
        if (!rules.isOn("latin1")) throw NotUtf8Error(raw.name, invalid);
        decoded.latin1 = true;
        decoded.own = fromLatin1(raw.bytes);
        decoded.text = decoded.own;
        const auto high = std::ranges::count_if(raw.bytes, [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; });
        report.add("latin1", high, high);
    }
    decoded.part = {0, decoded.text.size()};
    constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";
    if (rules.isOn("bom") && decoded.text.starts_with(byteOrderMark)) {
        decoded.part.begin = byteOrderMark.size();
        report.add("bom", 1, static_cast<std::int64_t>(byteOrderMark.size()));
    }
    if (rules.isOn("gutenberg")) {
        const ByteRange rest = withoutGutenberg(decoded.text, decoded.part);
        report.add("gutenberg", (rest.begin > decoded.part.begin) + (rest.end < decoded.part.end),
                   static_cast<std::int64_t>(decoded.part.size() - rest.size()));
        decoded.part = rest;
    }
}

/// Lines that stood before.
class SeenLines {
public:
    /// Drops them from a document; `seen` is a copy where the document is only looked at.
    void drop(std::string_view text, TextRewriter& out) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string_view line = trimmed(text.substr(at, end - at));
            const bool known = codePointCount(line) >= shortest && !m_lines.insert(std::hash<std::string_view>{}(line)).second;
            const std::size_t next = std::min(end + 1, text.size());
            if (known) out.replace(at, next, "");
            at = std::max(next, end + 1);
        }
    }

private:
    static constexpr std::size_t shortest = 20;
    std::unordered_set<std::size_t> m_lines;
};

std::string_view frontOf(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    const std::size_t line = text.substr(0, most).rfind('\n');
    return text.substr(0, line != std::string_view::npos && line > most / 2 ? line : startOfCodePoint(text, most));
}

/// A work's part of the watch, told after each MB.
class Progress {
public:
    Progress(const Watch& watch, double whole) : m_watch(watch), m_whole(whole) {}

    /// 0 bytes: other work between them, which took a while.
    void add(std::size_t bytes, const std::string& file) {
        m_done += static_cast<double>(bytes);
        if (bytes > 0 && m_done < m_next) return;
        constexpr double often = 1 << 20;
        m_next = m_done + often;
        tellWatch(m_watch, most * std::min(1.0, m_done / m_whole), file);
    }
    /// The rest, for what comes behind the cleaning.
    Watch rest() const {
        if (!m_watch) return {};
        return [watch = m_watch](double share) { return watch(most + (1 - most) * share); };
    }

private:
    static constexpr double most = .85;
    const Watch& m_watch;
    double m_whole, m_done = 0, m_next = 0;
};

/// In parts, between which the watch is told.
void addTo(Sha256& hash, std::string_view bytes, Progress& progress, const std::string& file) {
    constexpr std::size_t atOnce = 8 << 20;
    for (std::size_t at = 0; at < bytes.size(); at += atOnce) {
        hash.add(bytes.substr(at, atOnce));
        if (bytes.size() > atOnce) progress.add(0, file);
    }
}

/// Gathers clean documents, one after the other.
class Gathering {
public:
    Gathering(const CorpusSettings& settings, const CleaningRules& rules, Corpus& corpus, Progress& progress)
        : m_settings(settings), m_rules(rules), m_corpus(corpus), m_progress(progress), m_tail(settings.splitTail) {
        m_version.add(versionText(settings));
        m_version.add("\n");
    }

    void add(std::size_t file, const std::string& name, std::string_view raw, ByteRange range) {
        std::string clean = cleaned(raw.substr(range.begin, range.size()), name);
        dropLines(clean);
        if (trimmed(clean).empty() || isShort(clean)) return;
        addTo(m_hash, clean, m_progress, name);
        const std::uint64_t hash = m_hash.front();
        if (m_rules.isOn("repeated_documents") && isRepeated(hash, clean)) return;
        addTo(m_version, clean, m_progress, name);
        m_version.add(between);
        const auto limit = static_cast<std::uint64_t>(std::lround(1000 * m_settings.validationShare));
        const bool validates = !m_tail && hash % 1000 < limit;
        TextDocument document{static_cast<std::uint32_t>(file), small(range.begin), small(range.end)};
        append(document, validates ? TextSide::validation : TextSide::train, clean);
        m_corpus.documents.push_back(document);
    }

    std::string version() { return m_version.hex(); }

    /// Parts by tail what was not parted by hashes, or could not be.
    void finish() {
        const bool parted = !m_corpus.train.empty() && !m_corpus.validation.empty();
        const bool wanted = m_settings.validationShare > 0;
        m_corpus.splitTail = wanted && (m_tail || !parted || m_corpus.documents.size() < fewestToDraw);
        if (!m_corpus.splitTail) return;
        if (!m_tail) joinSides();
        cutTail();
    }

private:
    /// A document of many MB in pieces, so that the watch is told between them and no rule copies the whole.
    std::string cleaned(std::string_view raw, const std::string& name) {
        std::string clean;
        for (std::size_t begin = 0; begin < raw.size();) {
            const std::size_t end = cleaningPieceEnd(raw, begin);
            std::string piece = cleanedDocument(raw.substr(begin, end - begin), m_rules, m_corpus.report);
            m_progress.add(end - begin, name);
            begin = end;
            if (clean.empty() && begin == raw.size()) return piece;
            if (clean.empty()) clean.reserve(raw.size());
            clean += piece;
        }
        return clean;
    }

    void dropLines(std::string& clean) {
        if (!m_rules.isOn("repeated_lines")) return;
        TextRewriter out(clean);
        m_lines.drop(clean, out);
        if (!out.changed()) return;
        m_corpus.report.add("repeated_lines", out.places(), out.bytes());
        clean = out.finished();
        while (clean.ends_with('\n')) clean.pop_back();
    }

    bool isShort(const std::string& clean) {
        constexpr std::size_t fewest = 40;
        if (!m_rules.isOn("short_documents") || codePointCount(clean) >= fewest) return false;
        m_corpus.report.add("short_documents", 1, static_cast<std::int64_t>(clean.size()));
        return true;
    }

    /// Of documents whose hashes begin alike the bytes decide.
    bool isRepeated(std::uint64_t hash, const std::string& clean) {
        const auto [found, fresh] = m_known.emplace(hash, small(m_corpus.documents.size()));
        if (fresh || m_corpus.partOf(m_corpus.documents[found->second]) != clean) return false;
        m_corpus.report.add("repeated_documents", 1, static_cast<std::int64_t>(clean.size()));
        return true;
    }

    void append(TextDocument& document, TextSide side, std::string_view clean) {
        std::string& text = side == TextSide::validation ? m_corpus.validation : m_corpus.train;
        if (!text.empty()) text += between;
        document.begin = small(text.size());
        document.size = small(clean.size());
        document.side = side;
        text += clean;
        small(text.size());
    }

    /// All documents in order as training text.
    void joinSides() {
        std::string train = std::move(m_corpus.train), validation = std::move(m_corpus.validation);
        m_corpus.train.clear();
        m_corpus.validation.clear();
        m_corpus.train.reserve(train.size() + validation.size() + between.size());
        for (TextDocument& document : m_corpus.documents) {
            const std::string_view from = document.side == TextSide::validation ? validation : train;
            append(document, TextSide::train, from.substr(document.begin, document.size));
        }
    }

    /// Where the tail begins: behind the last end of a line before the share, else behind a space, else between characters.
    std::size_t tailBegin() const {
        const std::string& text = m_corpus.train;
        if (text.size() < 2) return 0;
        const auto wished = static_cast<std::size_t>(static_cast<double>(text.size()) * (1 - m_settings.validationShare));
        for (const char sign : {'\n', ' '})
            if (const std::size_t at = text.rfind(sign, wished); at != std::string::npos && at > 0 && at + 1 < text.size()) {
                const std::size_t begin = text.find_first_not_of(sign, at);
                if (begin != std::string::npos && begin > wished / 2) return begin;
            }
        return startOfCodePoint(text, std::clamp<std::size_t>(wished, 1, text.size() - 1));
    }

    void cutTail() {
        std::string& text = m_corpus.train;
        const std::size_t begin = tailBegin();
        if (begin == 0 || begin >= text.size())
            throw InputError(LAB_TEXT("text", "the text is too short to be parted into training and validation"));
        for (TextDocument& document : m_corpus.documents) {
            const std::size_t end = std::size_t(document.begin) + document.size;
            if (document.begin >= begin) {
                document.side = TextSide::validation;
                document.begin -= small(begin);
            } else if (end > begin) {
                document.side = TextSide::both;
                document.tail = small(end - begin);
                document.size = small(begin - document.begin);
            }
        }
        m_corpus.validation = text.substr(begin);
        text.resize(begin);
        text.shrink_to_fit();
    }

    const CorpusSettings& m_settings;
    const CleaningRules& m_rules;
    Corpus& m_corpus;
    Progress& m_progress;
    bool m_tail;
    Sha256 m_hash, m_version;
    SeenLines m_lines;
    std::unordered_map<std::uint64_t, std::uint32_t> m_known;  ///< by the front of the hash: the first document that has it
};

}  // namespace

NotUtf8Error::NotUtf8Error(const std::string& file, std::size_t byte)
    : InputError(file, Message(LAB_TEXT("text", "is not UTF-8 at byte %1; the rule latin1 of the cleaning reads it as Latin-1"))
                           .arg(static_cast<std::int64_t>(byte))) {}

std::string Corpus::textOf(const TextDocument& document) const {
    std::string text(partOf(document));
    if (document.side == TextSide::both) text += std::string_view(validation).substr(0, document.tail);
    return text;
}

std::string_view Corpus::partOf(const TextDocument& document) const {
    const std::string& text = document.side == TextSide::validation ? validation : train;
    return std::string_view(text).substr(document.begin, document.size);
}

std::vector<Message> corpusNotes(const Corpus& corpus, const CorpusSettings& settings) {
    std::vector<Message> notes;
    constexpr double worthSaying = .05;
    if (settings.validationShare > 0 && corpus.splitTail && !settings.splitTail)
        notes.push_back(
            Message(LAB_PLURAL("text", "With %n document(s) the end of the text is kept for validation, not documents drawn from it."))
                .count(static_cast<std::int64_t>(corpus.documents.size())));
    if (corpus.repeated > worthSaying)
        notes.push_back(Message(LAB_TEXT("text",
                                         "%1 % of the validation text's runs of eight words stand in the training text too: what is "
                                         "known by heart looks like understanding."))
                            .arg(static_cast<std::int64_t>(std::lround(100 * corpus.repeated))));
    const auto whole = static_cast<double>(corpus.train.size() + corpus.validation.size());
    const double share = static_cast<double>(corpus.validation.size()) / whole;
    if (!corpus.splitTail && settings.validationShare > 0 && std::abs(share - settings.validationShare) > settings.validationShare / 2)
        notes.push_back(Message(LAB_TEXT("text", "Validation is %1 % of the text, since documents are never cut in two."))
                            .arg(static_cast<std::int64_t>(std::lround(100 * share))));
    for (const bool latin1 : corpus.latin1)
        if (latin1) {
            notes.emplace_back(LAB_TEXT("text", "Text that is not UTF-8 was read as Latin-1."));
            break;
        }
    return notes;
}

std::string versionText(const CorpusSettings& settings) {
    std::string text = R"({"cleaning":[)";
    for (const std::string& name : CleaningRules(settings.cleaning).names()) text += (text.ends_with('[') ? "\"" : ",\"") + name + '"';
    return text + R"(],"documents":")" + (settings.documentsAreFiles ? "files" : "blank_lines") + "\"}";
}

Corpus makeCorpus(const std::vector<RawText>& texts, const CorpusSettings& settings, const Watch& watch) {
    assert(settings.validationShare >= 0 && settings.validationShare < 1);
    const CleaningRules rules(settings.cleaning);
    Corpus corpus;
    for (std::size_t rule = 0; rule < corpus.report.rows.size(); ++rule) corpus.report.rows[rule].on = rules.isOn(rule);
    for (const RawText& text : texts) corpus.rawBytes += text.bytes.size();
    corpus.train.reserve(corpus.rawBytes);
    Progress progress(watch, static_cast<double>(corpus.rawBytes));
    Gathering gathering(settings, rules, corpus, progress);
    Sha256 raw;
    for (std::size_t file = 0; file < texts.size(); ++file) {
        addTo(raw, texts[file].bytes, progress, texts[file].name);
        DecodedText decoded;
        decode(texts[file], rules, corpus.report, decoded);
        corpus.latin1.push_back(decoded.latin1);
        for (const ByteRange& range : cutDocuments(decoded.text, decoded.part, !settings.documentsAreFiles))
            gathering.add(file, texts[file].name, decoded.text, range);
    }
    if (corpus.documents.empty())
        throw InputError(texts.size() == 1 ? Message::verbatim(texts.front().name) : Message(LAB_TEXT("text", "the text")),
                         LAB_TEXT("text", "after cleaning nothing is left"));
    corpus.rawHash = raw.hex();
    corpus.cleanHash = gathering.version();
    gathering.finish();
    corpus.repeated = repeatedShare(corpus.train, corpus.validation, progress.rest());
    corpus.notes = corpusNotes(corpus, settings);
    return corpus;
}

DocumentChange changeOf(const Corpus& corpus, const std::vector<RawText>& texts, const CorpusSettings& settings, std::size_t document,
                        std::size_t most) {
    const TextDocument& chosen = corpus.documents.at(document);
    const RawText& text = texts.at(chosen.file);
    const std::string decoded = corpus.latin1.at(chosen.file) ? fromLatin1(text.bytes) : std::string();
    const std::string_view whole = decoded.empty() ? std::string_view(text.bytes) : std::string_view(decoded);
    const std::string_view raw = frontOf(whole.substr(chosen.rawBegin, chosen.rawEnd - chosen.rawBegin), most);
    const CleaningRules rules(settings.cleaning);
    CleaningReport report;
    DocumentChange change{std::string(raw), {}, {}, raw.size() == chosen.rawEnd - chosen.rawBegin};
    const std::string cleaned = cleanedDocument(change.raw, rules, report, &change.edits);
    change.clean = change.whole ? corpus.textOf(chosen) : cleaned;
    if (cleaned == change.clean) return change;
    // Lines that stood in earlier documents were dropped: what is left of it is known, line by line.
    std::vector<TextEdit> dropped;
    TextRewriter out(cleaned, &dropped, CleaningRule::find("repeated_lines"));
    std::size_t kept = 0;
    for (std::size_t at = 0; at < cleaned.size();) {
        const std::size_t end = std::min(cleaned.find('\n', at), cleaned.size()), next = std::min(end + 1, cleaned.size());
        const std::string_view line = std::string_view(cleaned).substr(at, next - at);
        const std::string_view left = std::string_view(change.clean).substr(std::min(kept, change.clean.size()));
        if (left.starts_with(line))
            kept += line.size();
        else if (const std::string_view words = std::string_view(cleaned).substr(at, end - at); left == words)
            kept += words.size(), out.replace(end, next, "");
        else
            out.replace(at, next, "");
        at = next;
    }
    if (out.changed()) change.edits = composed(change.edits, cleaned, dropped);
    return change;
}

}  // namespace lab
