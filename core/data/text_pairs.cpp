#include "core/data/text_pairs.h"

#include <algorithm>
#include <optional>

#include "core/base/errors.h"
#include "core/base/utf8.h"
#include "core/data/masking.h"
#include "core/data/sentence_frame.h"

namespace lab {
namespace {

bool isBlank(char c) {
    return c == ' ' || c == '\t';
}

std::string continued(std::string_view text, std::string_view answer) {
    std::string whole(text);
    if (!isBlank(text.back()) && !isBlank(answer.front())) whole += ' ';
    return whole += answer;
}

/// The lines of a file as samples.
class TextPairsReader {
public:
    TextPairsReader(const std::string& name, const Tokenizer& tokenizer, const ModelConfig& model)
        : m_name(name), m_tokenizer(tokenizer), m_model(model) {}

    std::vector<Sample> read(std::string_view text) const {
        std::vector<Sample> samples;
        for (const PairsRow& row : pairsRows(m_name, text, 2)) {
            try {
                samples.push_back(sampleOf(row.text));
            } catch (const InputError& error) {
                throw InputError(m_name + ":" + std::to_string(row.number), error.message());
            }
        }
        return samples;
    }

private:
    Sample sampleOf(std::string_view line) const {
        if (!isUtf8(line)) throw InputError(LAB_TEXT("data", "this is not UTF-8"));
        const std::size_t tab = line.find('\t');
        const bool one = tab != line.npos && line.find('\t', tab + 1) == line.npos;
        const auto says = [](std::string_view part) { return part.find_first_not_of(' ') != part.npos; };
        if (!one || !says(line.substr(0, tab)) || !says(line.substr(tab + 1)))
            throw InputError(LAB_TEXT("data", "expected a text, one TAB and what is to be answered"));
        const bool decodes = m_model.architecture == Architecture::decoder;
        Sample sample = (decodes ? continuedText : filledText)(m_tokenizer, line.substr(0, tab), line.substr(tab + 1));
        const auto length = static_cast<int>(sample.tokens.size());
        if (m_model.isBounded() && m_model.max_seq_len && length > *m_model.max_seq_len) {
            const SourceText problem = LAB_PLURAL("data", "the line has %n token(s), but model.max_seq_len is %1");
            throw InputError(Message(problem).count(length).arg(*m_model.max_seq_len));
        }
        return sample;
    }

    std::string m_name;
    const Tokenizer& m_tokenizer;
    const ModelConfig& m_model;
};

}  // namespace

Sample continuedText(const Tokenizer& tokenizer, std::string_view text, std::string_view answer) {
    const SentenceFrame frame(tokenizer);
    const std::vector<int> asked = tokenizer.encode(text);
    std::vector<int> whole = tokenizer.encode(continued(text, answer));
    const auto same = static_cast<std::size_t>(std::ranges::mismatch(asked, whole).in2 - whole.begin());
    const std::size_t length = whole.size();
    if (same == length) throw InputError(LAB_TEXT("data", "its tokenizer makes no tokens of the answer"));
    std::vector<int> tokens = frame.usual(std::move(whole));
    const bool framed = tokens.size() > length;
    const std::size_t first = same + (framed ? frame.sizeBefore() : 0);
    const auto end = endToken(tokenizer);
    if (end && tokens.back() != *end) tokens.push_back(*end);
    Sample sample;
    sample.targets.assign(tokens.begin() + 1, tokens.end());
    std::fill_n(sample.targets.begin(), first > 0 ? first - 1 : 0, -1);
    tokens.pop_back();
    sample.tokens = std::move(tokens);
    return sample;
}

Sample filledText(const Tokenizer& tokenizer, std::string_view text, std::string_view answer) {
    const int mask = requiredMask(tokenizer);
    const std::vector<int> filling = tokenizer.encode(continued(" ", answer));
    Sample sample;
    sample.tokens = SentenceFrame(tokenizer).usual(tokenizer.encode(text));
    const auto gaps = static_cast<std::size_t>(std::ranges::count(sample.tokens, mask));
    if (gaps != filling.size() || gaps == 0) {
        const SourceText problem =
            LAB_PLURAL("data", "the answer has %n token(s), but the text has %1 times %2, each of which stands for one");
        throw InputError(Message(problem).count(std::ssize(filling)).arg(gaps).arg(tokenizer.shown(mask)));
    }
    sample.targets.assign(sample.tokens.size(), -1);
    for (std::size_t i = 0, gap = 0; i < sample.tokens.size(); ++i)
        if (sample.tokens[i] == mask) sample.targets[i] = filling[gap++];
    return sample;
}

LoadedTask loadTextPairs(Experiment experiment, PairsTexts texts, const KeptTokenizer& kept) {
    const TaskConfig& task = experiment.task;
    const auto tokenizer = tokenizerOf(experiment, kept);
    const auto read = [&](const std::string& name, const std::string& text) {
        return TextPairsReader(name, *tokenizer, experiment.model).read(text);
    };
    std::vector<Sample> train = read(task.path, texts.train);
    std::optional<std::vector<Sample>> second;
    if (!task.validation_path.empty()) second = read(task.validation_path, texts.validation);
    ModelConfig& model = experiment.model;
    if (!model.vocab_size) model.vocab_size = tokenizer->symbols();
    if (!model.num_classes) model.num_classes = *model.vocab_size;
    if (!model.max_seq_len)
        model.max_seq_len = static_cast<int>(std::ranges::max(train, {}, [](const Sample& s) { return s.tokens.size(); }).tokens.size());
    const std::string name = task.path;
    PairsSplit split = splitPairs(experiment, std::move(train), std::move(second), name);
    return {std::move(experiment), std::make_shared<TextPairsDataset>(std::move(split), tokenizer, std::move(texts))};
}

}  // namespace lab
