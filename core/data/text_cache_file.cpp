#include "core/data/text_cache_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/files.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/text/word_hash.h"

namespace lab {
namespace {

using Json = nlohmann::json;

constexpr std::size_t atOnce = std::size_t{8} << 20;  // between two questions to the watch
constexpr std::size_t longestHeader = std::size_t{16} << 20;
constexpr std::size_t lineBytes = 64;

/// The parts in the order in which they stand.
enum Part : std::size_t { tokenizerPart, documentsPart, trainPart, validationPart, trainIdsPart, validationIdsPart, partCount };

/// The file is not what it should be.
struct NotWhole {};

void require(bool whole) {
    if (!whole) throw NotWhole();
}

/// Of damage, not of malice: eight bytes at a time in four lanes.
std::uint64_t checkSum(std::string_view bytes) {
    constexpr std::uint64_t odd = 0x9E3779B97F4A7C15u;
    std::array<std::uint64_t, 4> lanes{1, 2, 3, 4};
    const std::uint64_t size = bytes.size();
    for (; bytes.size() >= sizeof lanes; bytes.remove_prefix(sizeof lanes)) {
        std::array<std::uint64_t, 4> words;
        std::memcpy(words.data(), bytes.data(), sizeof words);
        for (std::size_t k = 0; k < words.size(); ++k) lanes[k] = std::rotl((lanes[k] ^ words[k]) * odd, 29);
    }
    std::uint64_t sum = mixedBits(size) ^ wordHash(bytes);
    for (const std::uint64_t lane : lanes) sum = mixedBits((sum ^ lane) * odd);
    return sum;
}

std::string hexText(std::uint64_t number) {
    std::string text(16, '0');
    for (std::size_t k = 0; k < text.size(); ++k) text[k] = "0123456789abcdef"[number >> (60 - 4 * k) & 15];
    return text;
}

template <class Number>
std::string_view bytesOf(std::span<const Number> numbers) {
    return {reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes()};
}

std::string_view bytesOf(const TokenIds& ids) {
    return ids.wide().empty() ? bytesOf(ids.narrow()) : bytesOf(ids.wide());
}

constexpr std::size_t numbersOfDocument = 7;

std::vector<std::uint32_t> numbersOf(const std::vector<TextDocument>& documents) {
    std::vector<std::uint32_t> numbers;
    numbers.reserve(numbersOfDocument * documents.size());
    for (const TextDocument& each : documents)
        numbers.insert(numbers.end(),
                       {each.file, each.rawBegin, each.rawEnd, each.begin, each.size, each.tail, static_cast<std::uint32_t>(each.side)});
    return numbers;
}

Json headerOf(const std::string& key, const TextTokens& text, const std::array<std::string_view, partCount>& parts) {
    const Corpus& corpus = *text.corpus;
    Json header{{"key", key},
                {"big_endian", std::endian::native == std::endian::big},
                {"raw_sha256", corpus.rawHash},
                {"clean_sha256", corpus.cleanHash},
                {"raw_bytes", corpus.rawBytes},
                {"split_tail", corpus.splitTail},
                {"repeated", corpus.repeated},
                {"wide", {!text.train.wide().empty(), !text.validation.wide().empty()}}};
    std::string latin1;
    for (const bool each : corpus.latin1) latin1 += each ? '1' : '0';
    header["latin1"] = latin1;
    for (std::size_t rule = 0; rule < corpus.report.rows.size(); ++rule) {
        const CleaningCount& row = corpus.report.rows[rule];
        header["report"].push_back({CleaningRule::table()[rule].name, row.on, row.places, row.bytes});
    }
    for (const std::string_view part : parts) header["parts"].push_back({part.size(), hexText(checkSum(part))});
    return header;
}

/// "attention-lab/text-cache/1 HASH LENGTH", blanks, a line end.
std::string firstLine(std::string_view header) {
    std::string line = std::string(textCacheFormat) + ' ' + hexText(checkSum(header)) + ' ' + std::to_string(header.size());
    line.resize(lineBytes - 1, ' ');
    return line + '\n';
}

/// A file that is read from its front, part by part.
class PartReader {
public:
    PartReader(const std::filesystem::path& path, const Watch& watch) : m_file(path, std::ios::binary), m_watch(watch) {
        std::error_code error;
        require(m_file.is_open() && std::filesystem::is_regular_file(path, error));
        m_size = m_left = std::filesystem::file_size(path, error);
        require(!error);
    }

    std::size_t left() const { return m_left; }
    bool isLeftOff() const { return m_leftOff; }

    void read(char* into, std::size_t bytes) {
        require(bytes <= m_left);
        for (std::size_t at = 0; at < bytes;) {
            const std::size_t count = std::min(atOnce, bytes - at);
            require(static_cast<bool>(m_file.read(into + at, static_cast<std::streamsize>(count))));
            at += count;
            m_left -= count;
            m_leftOff = m_watch && !m_watch(1 - static_cast<double>(m_left) / static_cast<double>(m_size));
            require(!m_leftOff);
        }
    }

    /// A string or a vector of numbers; nothing larger than the file is ever made room for.
    template <class Items>
    Items items(std::size_t bytes, const std::string& hash) {
        constexpr std::size_t each = sizeof(typename Items::value_type);
        require(bytes <= m_left && bytes % each == 0);
        Items items(bytes / each, typename Items::value_type());
        char* into = reinterpret_cast<char*>(items.data());
        read(into, bytes);
        require(hexText(checkSum({into, bytes})) == hash);
        return items;
    }

private:
    std::ifstream m_file;
    const Watch& m_watch;
    std::size_t m_size = 0, m_left = 0;
    bool m_leftOff = false;
};

Json headerIn(PartReader& reader, const std::string& key) {
    std::string line(lineBytes, '\0');
    reader.read(line.data(), line.size());
    require(line.starts_with(textCacheFormat));
    const std::string_view rest = std::string_view(line).substr(textCacheFormat.size() + 1);
    std::size_t length = 0;
    for (const char digit : rest.substr(17))
        if (digit >= '0' && digit <= '9' && length <= longestHeader) length = 10 * length + static_cast<std::size_t>(digit - '0');
    require(length <= longestHeader);
    const auto text = reader.items<std::string>(length, std::string(rest.substr(0, 16)));
    require(line == firstLine(text));
    Json header = Json::parse(text);
    require(header.at("key") == key && header.at("big_endian") == (std::endian::native == std::endian::big));
    return header;
}

void readReport(const Json& rows, CleaningReport& report) {
    require(rows.size() == report.rows.size());
    for (std::size_t rule = 0; rule < report.rows.size(); ++rule) {
        require(rows[rule].at(0).get<std::string>() == CleaningRule::table()[rule].name);
        report.rows[rule] = {rows[rule].at(1).get<bool>(), rows[rule].at(2).get<std::int64_t>(), rows[rule].at(3).get<std::int64_t>()};
    }
}

/// Each where its text is: who reads them need not look.
std::vector<TextDocument> documentsOf(std::span<const std::uint32_t> numbers, const Corpus& corpus) {
    require(numbers.size() % numbersOfDocument == 0);
    std::vector<TextDocument> documents;
    documents.reserve(numbers.size() / numbersOfDocument);
    for (; !numbers.empty(); numbers = numbers.subspan(numbersOfDocument)) {
        TextDocument each{numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]};
        require(numbers[6] <= static_cast<std::uint32_t>(TextSide::both));
        each.side = static_cast<TextSide>(numbers[6]);
        const std::string& text = each.side == TextSide::validation ? corpus.validation : corpus.train;
        require(std::size_t{each.begin} + each.size <= text.size() && each.tail <= corpus.validation.size());
        require(each.file < corpus.latin1.size() && each.rawBegin <= each.rawEnd);
        documents.push_back(each);
    }
    return documents;
}

template <class Number>
void requireBelow(const std::vector<Number>& ids, int symbols) {
    Number largest = 0, smallest = 0;
    for (const Number id : ids) largest = std::max(largest, id), smallest = std::min(smallest, id);
    require(smallest >= 0 && static_cast<int>(largest) < symbols);
}

TokenIds idsIn(PartReader& reader, const Json& part, bool wide, int symbols) {
    const auto bytes = part.at(0).get<std::size_t>();
    const auto hash = part.at(1).get<std::string>();
    std::vector<std::uint16_t> narrow;
    std::vector<std::int32_t> broad;
    if (wide)
        broad = reader.items<std::vector<std::int32_t>>(bytes, hash);
    else
        narrow = reader.items<std::vector<std::uint16_t>>(bytes, hash);
    if (symbols > 0 || bytes > 0) requireBelow(narrow, symbols), requireBelow(broad, symbols);
    return TokenIds::of(std::move(narrow), std::move(broad));
}

CachedText textIn(PartReader& reader, const std::string& key, const std::shared_ptr<const Tokenizer>& given) {
    const Json header = headerIn(reader, key);
    const Json& parts = header.at("parts");
    require(parts.size() == partCount);
    std::size_t whole = 0;
    for (const Json& part : parts) {
        const auto bytes = part.at(0).get<std::size_t>();
        require(bytes <= reader.left());
        whole += bytes;
    }
    require(whole == reader.left());
    const auto next = [&](auto items, Part part) {
        return reader.items<decltype(items)>(parts[part].at(0).template get<std::size_t>(), parts[part].at(1).template get<std::string>());
    };
    CachedText text;
    Corpus& corpus = text.corpus;
    const auto json = next(std::string(), tokenizerPart);
    text.tokenizer = given ? given : std::make_shared<const PieceTokenizer>(json, "tokenizer.json");
    const auto documents = next(std::vector<std::uint32_t>(), documentsPart);
    corpus.train = next(std::string(), trainPart);
    corpus.validation = next(std::string(), validationPart);
    text.train = idsIn(reader, parts[trainIdsPart], header.at("wide").at(0).get<bool>(), text.tokenizer->symbols());
    text.validation = idsIn(reader, parts[validationIdsPart], header.at("wide").at(1).get<bool>(), text.tokenizer->symbols());
    corpus.rawHash = header.at("raw_sha256").get<std::string>();
    corpus.cleanHash = header.at("clean_sha256").get<std::string>();
    corpus.rawBytes = header.at("raw_bytes").get<std::size_t>();
    corpus.splitTail = header.at("split_tail").get<bool>();
    corpus.repeated = header.at("repeated").get<double>();
    for (const char each : header.at("latin1").get<std::string>()) corpus.latin1.push_back(each == '1');
    readReport(header.at("report"), corpus.report);
    corpus.documents = documentsOf(documents, corpus);
    require(!corpus.documents.empty());
    return text;
}

}  // namespace

bool writeTextCacheFile(const std::filesystem::path& file, const std::string& key, const TextTokens& text, const Watch& watch) {
    const std::string tokenizer = text.tokenizer->kept().pipeline;
    const std::vector<std::uint32_t> documents = numbersOf(text.corpus->documents);
    const std::array<std::string_view, partCount> parts{tokenizer,           bytesOf(std::span(documents)),
                                                        text.corpus->train,  text.corpus->validation,
                                                        bytesOf(text.train), bytesOf(text.validation)};
    const std::string header = headerOf(key, text, parts).dump();
    if (header.size() > longestHeader) return false;
    const std::string line = firstLine(header);
    std::vector<std::string_view> pieces{line, header};
    pieces.insert(pieces.end(), parts.begin(), parts.end());
    double whole = 0, done = 0;
    for (const std::string_view piece : pieces) whole += static_cast<double>(piece.size());
    std::ofstream out(file, std::ios::binary);
    for (std::string_view piece : pieces)
        while (!piece.empty() && out) {
            const std::string_view front = piece.substr(0, atOnce);
            out.write(front.data(), static_cast<std::streamsize>(front.size()));
            piece.remove_prefix(front.size());
            done += static_cast<double>(front.size());
            tellWatch(watch, done / whole, utf8Text(file));
        }
    out.close();
    return static_cast<bool>(out);
}

std::optional<CachedText> readTextCacheFile(const std::filesystem::path& file, const std::string& key,
                                            const std::shared_ptr<const Tokenizer>& given, const Watch& watch) {
    std::optional<PartReader> reader;
    try {
        reader.emplace(file, watch);
        return textIn(*reader, key, given);
    } catch (const NotWhole&) {
        if (reader && reader->isLeftOff()) tellWatch([](double) { return false; }, 1, utf8Text(file));
    } catch (const Json::exception&) {
    } catch (const InputError&) {  // its tokenizer is none
    }
    return std::nullopt;
}

}  // namespace lab
