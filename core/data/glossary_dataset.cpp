#include "core/data/glossary_dataset.h"

#include <cassert>
#include <numeric>

#include "core/base/random.h"
#include "core/config/experiment.h"
#include "core/data/tokenizers/word_tokenizer.h"

namespace lab {
namespace {

/// Random numbers of one page, one after the other.
class Draws {
public:
    Draws(std::uint64_t seed, GlossaryPart part, int i)
        : m_random(seed, "glossary." + std::to_string(static_cast<int>(part)) + "." + std::to_string(i)) {}
    int below(int n) { return static_cast<int>(m_random.below(m_next++, static_cast<std::uint32_t>(n))); }

private:
    RandomStream m_random;
    std::uint64_t m_next = 0;
};

std::vector<int> drawWords(const GlossaryConfig& config, int count, Draws& draws) {
    std::vector<int> words(static_cast<std::size_t>(config.words));
    std::iota(words.begin(), words.end(), 0);
    for (int i = 0; i < count; ++i)
        std::swap(words[static_cast<std::size_t>(i)], words[static_cast<std::size_t>(i + draws.below(config.words - i))]);
    words.resize(static_cast<std::size_t>(count));
    return words;
}

/// Of the meanings of a part, each as likely; the part has a quarter of them at least, so that this ends soon.
GlossaryEntry drawEntry(const GlossaryConfig& config, int word, GlossaryPart part, Draws& draws) {
    GlossaryEntry entry{word, std::vector<int>(static_cast<std::size_t>(config.definition))};
    do {
        for (int& value : entry.meaning) value = draws.below(GlossaryConfig::valuesOfSlot);
    } while (partOf(config, entry) != part);
    return entry;
}

void addQuestion(const GlossaryConfig& config, GlossaryPage& page, Draws& draws) {
    for (int i = 0; i < config.distractors; ++i) page.text.push_back(draws.below(config.values()));
    const GlossaryEntry& entry = page.entries[static_cast<std::size_t>(draws.below(static_cast<int>(page.entries.size())))];
    const int slot = draws.below(config.definition);
    page.text.push_back(config.ask(slot));
    page.text.push_back(config.word(entry.word));
    page.targets.resize(page.text.size(), -1);
    page.targets.back() = slot * GlossaryConfig::valuesOfSlot + entry.meaning[static_cast<std::size_t>(slot)];
}

/// "red stone bazo": the word stands behind its definition, so that also in a decoder its place has seen all of the entry.
std::vector<int> tokensOf(const GlossaryConfig& config, const std::vector<GlossaryEntry>& entries) {
    std::vector<int> tokens;
    for (const GlossaryEntry& entry : entries) {
        for (std::size_t slot = 0; slot < entry.meaning.size(); ++slot)
            tokens.push_back(static_cast<int>(slot) * GlossaryConfig::valuesOfSlot + entry.meaning[slot]);
        tokens.push_back(config.word(entry.word));
    }
    return tokens;
}

}  // namespace

/// Meanings of a word go round a wheel of the first slot's values, turned by word and further slots as if at random: every word has, for
/// each meaning of the further slots, four values in training, two in validation and two in the test.
GlossaryPart partOf(const GlossaryConfig& config, const GlossaryEntry& entry) {
    std::string key = std::to_string(entry.word);
    for (std::size_t slot = 1; slot < static_cast<std::size_t>(config.definition); ++slot) key += "." + std::to_string(entry.meaning[slot]);
    const RandomStream turn(0, "glossary.part." + key);
    std::array<int, GlossaryConfig::valuesOfSlot> wheel;
    std::iota(wheel.begin(), wheel.end(), 0);
    for (std::size_t i = 0; i < wheel.size(); ++i)
        std::swap(wheel[i], wheel[i + turn.below(i, static_cast<std::uint32_t>(wheel.size() - i))]);
    const int place = wheel[static_cast<std::size_t>(entry.meaning[0])];
    return place < 4 ? GlossaryPart::train : place < 6 ? GlossaryPart::validation : GlossaryPart::test;
}

GlossaryPage glossaryPage(const GlossaryConfig& config, std::uint64_t seed, GlossaryPart part, int i) {
    Draws draws(seed, part, i);
    GlossaryPage page;
    const int entries = part == GlossaryPart::train ? config.trainEntries : config.entries;
    for (const int word : drawWords(config, entries, draws)) page.entries.push_back(drawEntry(config, word, part, draws));
    for (int q = 0; q < config.questions; ++q) addQuestion(config, page, draws);
    return page;
}

Sample glossarySample(const GlossaryConfig& config, const GlossaryPage& page, DictionaryKind kind) {
    const DictionarySpec& given = specOf(kind);
    if (!given.inFront && !given.apart) return {page.text, {}, page.targets};
    std::vector<int> entries = tokensOf(config, page.entries);
    if (given.apart) return {std::move(entries), page.text, page.targets};
    std::vector<int> targets(entries.size(), -1);
    targets.insert(targets.end(), page.targets.begin(), page.targets.end());
    entries.insert(entries.end(), page.text.begin(), page.text.end());
    return {std::move(entries), {}, std::move(targets)};
}

GlossaryDataset::GlossaryDataset(const Experiment& experiment)
    : m_task(experiment.task),
      m_config(glossaryConfig(experiment.task)),
      m_kind(experiment.model.dictionary.kind),
      m_tokenizer(std::make_shared<WordTokenizer>(glossaryVocabulary(m_config))) {}

Sample GlossaryDataset::sample(GlossaryPart part, int i) const {
    return glossarySample(m_config, glossaryPage(m_config, m_task.seed, part, i), m_kind);
}

}  // namespace lab
