#include "ui/pages/codes/codes_state.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/goedel/formula.h"
#include "core/goedel/goedel_number.h"
#include "ui/runs/focus.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

constexpr std::size_t namedSymbols = 16;
constexpr goedel::Symbols::value_type otherSymbols[] = {2, 7, 1, 8};

QString keyOf(const std::string& id) {
    return QString::fromStdString(id);
}

/// What the second sequence is before one is typed: of a formula a term, so that it can be put in place of a variable.
goedel::Symbols usualOther(const goedel::Alphabet& alphabet) {
    if (alphabet.id() == "formula") return goedel::numeral(1);
    goedel::Symbols symbols(std::begin(otherSymbols), std::end(otherSymbols));
    for (int& symbol : symbols) symbol %= alphabet.size();
    return symbols;
}

QJsonObject notesOf(const std::map<std::string, QString>& texts) {
    QJsonObject notes;
    for (const auto& [alphabet, text] : texts) notes[keyOf(alphabet)] = text;
    return notes;
}

std::map<std::string, QString> textsOf(const QJsonObject& notes) {
    std::map<std::string, QString> texts;
    for (auto each = notes.begin(); each != notes.end(); ++each)
        if (each.value().isString()) texts[each.key().toStdString()] = each.value().toString();
    return texts;
}

QJsonObject notesOf(const std::map<std::string, goedel::Judgement, std::less<>>& judged) {
    QJsonObject notes;
    for (const auto& [claim, judgement] : judged) notes[keyOf(claim)] = static_cast<int>(judgement);
    return notes;
}

}  // namespace

std::shared_ptr<const goedel::Alphabet> builtInAlphabet(const std::string& id) {
    static std::map<std::string, std::shared_ptr<const goedel::Alphabet>> made;
    auto& alphabet = made[id];
    const goedel::AlphabetRow* row = goedel::findAlphabet(id);
    if (!alphabet && row) alphabet = std::make_shared<const goedel::Alphabet>(row->alphabet());
    return alphabet;
}

QString CodedSequence::name() const {
    if (!alphabet) return {};
    const goedel::Symbols first(symbols.begin(), symbols.begin() + static_cast<std::ptrdiff_t>(std::min(length(), namedSymbols)));
    const QString text = qt(alphabet->write(first));
    if (length() > namedSymbols) return text + QStringLiteral(" \u2026");
    return text.isEmpty() ? CodesState::tr("the empty sequence") : text;
}

CodesState::CodesState(QObject* parent) : QObject(parent) {
    readAll();
}

void CodesState::set(CodesValue value) {
    if (value == m_value) return;
    const bool others = value.alphabet != m_value.alphabet || value.texts != m_value.texts || value.others != m_value.others;
    m_value = std::move(value);
    putRight(others);
    emit changed();
}

/// `others`: the texts are others.
void CodesState::putRight(bool others) {
    if (m_value.alphabet != runAlphabet && !goedel::findAlphabet(m_value.alphabet)) m_value.alphabet = CodesValue().alphabet;
    std::erase_if(m_value.judged, [](const auto& each) { return !goedel::findParallel(each.first); });
    if (others) readAll();
    m_value.column = std::min(m_value.column, std::max<std::size_t>(sequence().length(), 1) - 1);
}

std::shared_ptr<const goedel::Alphabet> CodesState::alphabet() const {
    return m_value.alphabet == runAlphabet ? m_words : builtInAlphabet(m_value.alphabet);
}

/// The sequence is that of the input bar.
bool CodesState::follows(Slot slot) const {
    return slot == Slot::sequence && m_value.alphabet == runAlphabet;
}

/// What stands in the field when its alphabet is chosen.
QString CodesState::textOf(Slot slot) const {
    const auto& texts = slot == Slot::sequence ? m_value.texts : m_value.others;
    if (follows(slot)) return qt(m_words->write(m_sample));
    if (const auto found = texts.find(m_value.alphabet); found != texts.end()) return found->second;
    if (slot == Slot::other) return qt(alphabet()->write(usualOther(*alphabet())));
    return qt(goedel::findAlphabet(m_value.alphabet)->example);
}

/// False: it cannot be read, and all stays but the text and the problem.
bool CodesState::readInto(Slot slot, const QString& text) {
    Part& into = part(slot);
    into.typed = text;
    into.problem.clear();
    try {
        CodedSequence read{alphabet(), alphabet()->read(text.toStdString())};
        if (read.length() > goedel::mostSymbols) goedel::checkSize(read.symbols);
        into.read = std::move(read);
    } catch (const InputError& error) {
        into.problem = shown(error);
    }
    return into.problem.isEmpty();
}

/// Of a text that came from a file and cannot be read, the example instead.
void CodesState::readAll() {
    for (const Slot slot : {Slot::sequence, Slot::other}) {
        if (!alphabet()) {
            part(slot).problem = slot == Slot::sequence ? m_whyNoWords : QString();
            continue;
        }
        if (readInto(slot, textOf(slot))) continue;
        (slot == Slot::sequence ? m_value.texts : m_value.others).erase(m_value.alphabet);
        readInto(slot, textOf(slot));
    }
}

void CodesState::type(const QString& text, Slot slot) {
    if (!alphabet() || text == part(slot).typed || follows(slot)) return;
    if (readInto(slot, text)) {
        (slot == Slot::sequence ? m_value.texts : m_value.others)[m_value.alphabet] = text;
        putRight(false);
    }
    emit changed();
}

void CodesState::show(const goedel::Symbols& symbols) {
    if (alphabet()) type(qt(alphabet()->write(symbols)));
}

void CodesState::chooseAlphabet(const std::string& id) {
    CodesValue value = m_value;
    value.alphabet = id;
    set(std::move(value));
}

void CodesState::setColumn(std::size_t column) {
    CodesValue value = m_value;
    value.column = column;
    set(std::move(value));
}

void CodesState::judge(const std::string& claim, goedel::Judgement judgement) {
    CodesValue value = m_value;
    value.judged[claim] = judgement;
    set(std::move(value));
}

/// The words of a run, by token; the special one, if there is one, comes last.
void CodesState::readWords(const Focus& focus) {
    const Run* run = focus.run();
    const std::shared_ptr<const Dataset> data = run ? run->dataset() : nullptr;
    if (data && data == m_known.lock()) return;
    m_known = data;
    m_words = nullptr;
    m_whyNoWords.clear();
    if (!run) m_whyNoWords = tr("There is no run yet whose words could be symbols");
    if (run && run->experiment().model.readsVectors()) m_whyNoWords = tr("The sequences of this run are of vectors, not of words");
    if (!m_whyNoWords.isEmpty()) return;
    const Tokenizer& tokenizer = data->tokenizer();
    std::vector<std::string> words;
    for (int token = 0; token < tokenizer.symbols(); ++token) words.push_back(tokenizer.shown(token));
    if (const auto& special = tokenizer.special()) {
        words.resize(static_cast<std::size_t>(std::max(special->id + 1, tokenizer.symbols())));
        words[static_cast<std::size_t>(special->id)] = std::string(special->name);
    }
    m_words = std::make_shared<const goedel::Alphabet>(
        goedel::Alphabet::ofWords(runAlphabet, Message(LAB_TEXT("codes", "the run")), std::move(words)));
}

void CodesState::follow(const Focus& focus) {
    const auto before = m_words;
    const QString whyBefore = m_whyNoWords;
    readWords(focus);
    const std::vector<int>& tokens = focus.input().tokens;
    goedel::Symbols sample = m_words && m_words->contains(tokens) ? tokens : goedel::Symbols();
    const bool same = before == m_words && whyBefore == m_whyNoWords && sample == m_sample;
    m_sample = std::move(sample);
    if (same) return;
    if (m_value.alphabet == runAlphabet) putRight(true);
    emit changed();
}

QJsonObject CodesState::notes() const {
    const CodesValue first;
    if (m_value == first) return {};
    return {{QStringLiteral("alphabet"), keyOf(m_value.alphabet)},
            {QStringLiteral("sequences"), notesOf(m_value.texts)},
            {QStringLiteral("others"), notesOf(m_value.others)},
            {QStringLiteral("column"), static_cast<qint64>(m_value.column)},
            {QStringLiteral("operation"), static_cast<int>(m_value.operation)},
            {QStringLiteral("variable"), m_value.variable},
            {QStringLiteral("proof"), m_value.proof},
            {QStringLiteral("theorem"), m_value.theorem},
            {QStringLiteral("judged"), notesOf(m_value.judged)}};
}

void CodesState::takeNotes(const QJsonObject& notes) {
    CodesValue value;
    value.alphabet = notes[QStringLiteral("alphabet")].toString(keyOf(value.alphabet)).toStdString();
    value.texts = textsOf(notes[QStringLiteral("sequences")].toObject());
    value.others = textsOf(notes[QStringLiteral("others")].toObject());
    value.column = static_cast<std::size_t>(std::max(notes[QStringLiteral("column")].toInt(), 0));
    value.operation = static_cast<NumberOperation>(std::clamp(notes[QStringLiteral("operation")].toInt(), 0, numberOperations - 1));
    value.variable = notes[QStringLiteral("variable")].toString();
    value.proof = notes[QStringLiteral("proof")].toString();
    value.theorem = notes[QStringLiteral("theorem")].toString();
    const QJsonObject judged = notes[QStringLiteral("judged")].toObject();
    for (auto each = judged.begin(); each != judged.end(); ++each)
        if (const int judgement = each.value().toInt(-1); judgement >= 0 && judgement <= static_cast<int>(goedel::Judgement::isFalse))
            value.judged[each.key().toStdString()] = static_cast<goedel::Judgement>(judgement);
    m_value = std::move(value);
    putRight(true);
    emit changed();
}

}  // namespace lab
