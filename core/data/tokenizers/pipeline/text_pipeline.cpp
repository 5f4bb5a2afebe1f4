#include "core/data/tokenizers/pipeline/text_pipeline.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/limits.h"
#include "core/config/json_check.h"
#include "core/data/tokenizers/pipeline/byte_table.h"
#include "core/data/tokenizers/pipeline/normalizers.h"
#include "core/data/tokenizers/pipeline/part_table.h"
#include "core/data/tokenizers/pipeline/pre_tokenizers.h"
#include "core/data/tokenizers/pipeline/text_cuts.h"
#include "core/text/unicode.h"

namespace lab {
namespace {

using Json = nlohmann::json;

/// What the "post_processor" does with sequences.
struct Frame {
    std::vector<int> before, between, after;
    bool trimsBlanks = false, keepsFirstBlank = false;

    void readTrim(const Json& json) {
        trimsBlanks = json.value("trim_offsets", true);
        keepsFirstBlank = json.value("add_prefix_space", true);
    }
};

int idOf(const Json& id, const std::string& place) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= std::uint64_t{mostRows})
        throw InputError(place, LAB_TEXT("tokens", "missing, or of another type"));
    return id.get<int>();
}

/// The ids of special tokens before, between and behind the sequences of a template: one list more than it has sequences.
std::vector<std::vector<int>> idsAround(const Json& json, const char* key, const std::string& place) {
    std::vector<std::vector<int>> around(1);
    for (const Json& each : json.at(key)) {
        if (each.contains("Sequence")) {
            around.emplace_back();
            continue;
        }
        if (!each.contains("SpecialToken")) throw unknownPart(place + "." + key, each.dump());
        const std::string name = each["SpecialToken"].at("id").get<std::string>();
        for (const Json& id : json.at("special_tokens").at(name).at("ids"))
            around.back().push_back(idOf(id, place + ".special_tokens." + name + ".ids"));
    }
    return around;
}

void append(std::vector<int>& ids, const std::vector<int>& more) {
    ids.insert(ids.end(), more.begin(), more.end());
}

void readTemplate(const Json& json, const std::string& place, Frame& frame) {
    const auto one = idsAround(json, "single", place);
    append(frame.before, one.front());
    for (std::size_t i = 1; i < one.size(); ++i) append(frame.after, one[i]);
    const auto two = json.contains("pair") ? idsAround(json, "pair", place) : std::vector<std::vector<int>>();
    if (two.size() == 3) return append(frame.between, two[1]);
    append(frame.between, frame.after);
    append(frame.between, frame.before);
}

/// Bert's and Roberta's own: [CLS] ... [SEP], and Roberta's twice between two.
void readEnds(const Json& json, const std::string& place, Frame& frame, int endsBetween) {
    frame.before.push_back(idOf(json.at("cls").at(1), place + ".cls"));
    frame.after.push_back(idOf(json.at("sep").at(1), place + ".sep"));
    frame.between.insert(frame.between.end(), static_cast<std::size_t>(endsBetween), frame.after.back());
}

void readFrame(const Json& json, const std::string& place, Frame& frame) {
    if (json.is_null()) return;
    const std::string type = json.value("type", "");
    if (type == "Sequence") {
        for (const Json& each : json.at("processors")) readFrame(each, place + ".processors", frame);
    } else if (type == "TemplateProcessing") {
        readTemplate(json, place, frame);
    } else if (type == "ByteLevel") {
        frame.readTrim(json);
    } else if (type == "BertProcessing" || type == "RobertaProcessing") {
        readEnds(json, place, frame, type == "RobertaProcessing" ? 2 : 1);
        if (type == "RobertaProcessing") frame.readTrim(json);
    } else {
        throw unknownPart(place + ".type", type);
    }
}

}  // namespace

/// Words come again and again: nine in ten of a text were there before. Spans are kept from the word's beginning.
class TextPipeline::WordCache {
public:
    explicit WordCache(const PieceModel& model) : m_model(model) {}

    void encode(const MappedText& word, std::vector<TextToken>& tokens) {
        // Where characters stand for others than themselves, spans differ from place to place.
        const bool plain = word.span().end - word.span().begin == static_cast<int>(word.size());
        if (!plain || word.size() > longest) return m_model.encode(word, tokens);
        const auto found = m_known.find(word.text);
        if (found != m_known.end()) return put(found->second, word.from.front().begin, tokens);
        std::vector<TextToken> made;
        m_model.encode(word, made);
        put(made, 0, tokens);
        for (TextToken& token : made) token.span = {token.span.begin - word.from.front().begin, token.span.end - word.from.front().begin};
        if (m_known.size() < most) m_known.emplace(word.text, std::move(made));
    }

private:
    static constexpr std::size_t longest = 32, most = 1 << 16;

    static void put(const std::vector<TextToken>& made, int at, std::vector<TextToken>& tokens) {
        for (const TextToken& token : made) tokens.push_back({token.id, {token.span.begin + at, token.span.end + at}});
    }

    const PieceModel& m_model;
    std::unordered_map<std::u32string, std::vector<TextToken>> m_known;
};

namespace {

bool reachesOverBlanks(const AddedToken& token) {
    return token.takesRight || std::ranges::any_of(token.content, unicode::isSpace);
}

InputError noTokenizer(const std::string& file) {
    return {file, LAB_TEXT("tokens", "not the JSON of a tokenizer")};
}

}  // namespace

TextPipeline::TextPipeline(std::string_view text, const std::string& file) {
    try {
        requireJson(text);  // neither broken nor so deep that reading it would overflow
    } catch (const InputError&) {
        throw noTokenizer(file);
    }
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) throw noTokenizer(file);
    const auto part = [&json](const char* key) { return json.contains(key) ? json.at(key) : Json(); };
    try {
        m_added = addedTokensOf(part("added_tokens"), file + ": added_tokens");
        m_normalizer = normalizerOf(part("normalizer"), file + ": normalizer");
        m_preTokenizer = preTokenizerOf(part("pre_tokenizer"), file + ": pre_tokenizer");
        m_model = pieceModelOf(part("model"), file + ": model");
        Frame frame;
        readFrame(part("post_processor"), file + ": post_processor", frame);
        m_before = std::move(frame.before);
        m_after = std::move(frame.after);
        m_between = std::move(frame.between);
        m_trimsBlanks = frame.trimsBlanks;
        m_keepsFirstBlank = frame.keepsFirstBlank;
        m_decoder = pieceDecoderOf(part("decoder"), file + ": decoder");
        m_writing = pieceWritingOf(part("decoder"));
        m_cuts = std::ranges::any_of(m_added, reachesOverBlanks) ? TextCuts::nowhere : textCutsOf(json);
    } catch (const Json::exception& error) {
        throw InputError(file, Message(LAB_TEXT("tokens", "a part of the tokenizer is not as expected (%1)")).arg(error.what()));
    }
}

TextPipeline::~TextPipeline() = default;

/// Hands over the words and the added tokens of a text that has been cut at those that are looked for in the text as it is.
void TextPipeline::cutPart(MappedText part, const EachWord& word, const EachAdded& added) const {
    m_normalizer(part);
    for (TextPart& each : cutAtTokens(part, m_added, true)) {
        if (each.token) {
            added(*each.token, each.text.span());
            continue;
        }
        std::vector<MappedText> words;
        words.push_back(std::move(each.text));
        m_preTokenizer(words);
        for (const MappedText& one : words)
            if (!one.empty()) word(one);
    }
}

void TextPipeline::cut(const MappedText& text, const EachWord& word, const EachAdded& added) const {
    for (TextPart& part : cutAtTokens(text, m_added, false)) {
        if (part.token)
            added(*part.token, part.text.span());
        else
            cutPart(std::move(part.text), word, added);
    }
}

std::vector<TextToken> TextPipeline::encode(std::string_view text, std::vector<std::size_t>* wordStarts) const {
    const MappedText whole = MappedText::of(text);
    std::vector<TextToken> tokens;
    WordCache cache(*m_model);
    const auto begin = [&] {
        if (wordStarts) wordStarts->push_back(tokens.size());
    };
    const auto addWord = [&](const MappedText& word) { begin(), cache.encode(word, tokens); };
    cut(whole, addWord, [&](const AddedToken& token, TextSpan span) { begin(), tokens.push_back({token.id, span}); });
    if (m_trimsBlanks)
        for (TextToken& token : tokens)
            if (!added(token.id)) trim(whole, token);
    return tokens;
}

/// act(portion) for the parts of a text that may be looked at one by one.
template <class Act>
void TextPipeline::eachPart(std::string_view text, const Act& act) const {
    if (m_cuts == TextCuts::nowhere)
        act(text);
    else
        eachPortion(text, [&act](std::string_view portion) { return act(portion), true; });
}

std::vector<int> TextPipeline::ids(std::string_view text, const Watch& watch, const std::string& name) const {
    std::vector<int> ids;
    std::vector<TextToken> tokens;
    WordCache cache(*m_model);
    std::size_t done = 0;
    eachPart(text, [&](std::string_view portion) {
        tokens.clear();
        cut(
            MappedText::of(portion), [&](const MappedText& word) { cache.encode(word, tokens); },
            [&](const AddedToken& token, TextSpan span) {
                tokens.push_back({token.id, span});
            });
        for (const TextToken& token : tokens) ids.push_back(token.id);
        done += portion.size();
        tellWatch(watch, static_cast<double>(done) / static_cast<double>(text.size()), name);
    });
    return ids;
}

void TextPipeline::eachWord(std::string_view text, const EachWord& act) const {
    cut(MappedText::of(text), act, [](const AddedToken&, TextSpan) {});
}

std::optional<LostCharacter> TextPipeline::firstLost(std::string_view text) const {
    std::optional<LostCharacter> first;
    int before = 0;  // characters of the parts before
    const auto look = [&](const MappedText& word) {
        const std::size_t lost = first ? word.size() : m_model->firstLost(word);
        if (lost < word.size()) first = {utf8Of(word.text[lost]), before + word.from[lost].begin};
    };
    eachPart(text, [&](std::string_view part) {
        if (first) return;
        const MappedText mapped = MappedText::of(part);
        cut(mapped, look, [](const AddedToken&, TextSpan) {});
        before += static_cast<int>(mapped.size());
    });
    return first;
}

void TextPipeline::trim(const MappedText& text, TextToken& token) const {
    const auto isBlank = [&text](int at) { return text.text[static_cast<std::size_t>(at)] == ' '; };
    int leading = 0, trailing = 0;
    auto& [begin, end] = token.span;
    while (begin + leading < end && isBlank(begin + leading)) ++leading;
    while (end - trailing > begin && isBlank(end - trailing - 1)) ++trailing;
    if (begin == 0 && leading == 1 && m_keepsFirstBlank) leading = 0;
    begin += leading;
    end = std::max(end - trailing, begin);
}

std::vector<int> TextPipeline::framed(std::vector<int> ids) const {
    ids.insert(ids.begin(), m_before.begin(), m_before.end());
    ids.insert(ids.end(), m_after.begin(), m_after.end());
    return ids;
}

std::vector<int> TextPipeline::framed(std::vector<int> first, const std::vector<int>& second) const {
    first.insert(first.end(), m_between.begin(), m_between.end());
    first.insert(first.end(), second.begin(), second.end());
    return framed(std::move(first));
}

std::string TextPipeline::decode(std::span<const int> ids, bool specials) const {
    std::vector<std::string> pieces;
    for (const int id : ids) {
        if (isSpecial(id) && !specials) continue;
        std::string written = piece(id);
        if (!written.empty()) pieces.push_back(std::move(written));
    }
    return m_decoder(pieces);
}

const AddedToken* TextPipeline::added(int id) const {
    const auto found = std::ranges::find(m_added, id, &AddedToken::id);
    return found == m_added.end() ? nullptr : &*found;
}

std::string TextPipeline::piece(int id) const {
    if (const AddedToken* token = added(id)) return utf8Of(token->content);
    const std::string* known = m_model->vocabulary().piece(id);
    return known ? *known : std::string();
}

std::string TextPipeline::bytes(int id) const {
    if (isSpecial(id)) return {};
    std::string text = piece(id);
    if (added(id) || m_writing.kind == PieceWriting::Kind::plain) return text;
    if (m_writing.kind == PieceWriting::Kind::bytes) return bytesOfCharacters(text);
    if (m_writing.mark.empty()) return text;
    if (m_writing.kind == PieceWriting::Kind::wordParts)
        return text.starts_with(m_writing.mark) ? text.substr(m_writing.mark.size()) : text;
    for (std::size_t at = 0; (at = text.find(m_writing.mark, at)) != std::string::npos; ++at) text.replace(at, m_writing.mark.size(), " ");
    return text;
}

bool TextPipeline::isSpecial(int id) const {
    const AddedToken* token = added(id);
    return token && token->special;
}

int TextPipeline::size() const {
    int size = m_model->vocabulary().size();
    for (const AddedToken& token : m_added) size = std::max(size, token.id + 1);
    return size;
}

}  // namespace lab
