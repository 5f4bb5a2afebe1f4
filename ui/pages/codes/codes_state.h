#pragma once

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/goedel/alphabet.h"
#include "core/goedel/parallels.h"

namespace lab {

class Dataset;
class Focus;

/// The alphabet whose symbols are the words of the run in focus, beside the rows of goedel::alphabetRows().
inline constexpr const char* runAlphabet = "run";
/// That a field for a sequence takes.
inline constexpr int mostLettersInField = 100'000;

/// What a number is made of, and out of which symbols.
struct CodedSequence {
    std::shared_ptr<const goedel::Alphabet> alphabet;
    goedel::Symbols symbols;

    std::size_t length() const { return symbols.size(); }
    /// "3 1 4 1 5 9 2 6"; of longer ones the beginning: what titles and captions call it.
    QString name() const;
    bool operator==(const CodedSequence&) const = default;
};

/// What is done with the numbers of two sequences.
enum class NumberOperation {
    concatenate,  ///< the second behind the first
    replace,      ///< the second in place of every symbol that is the one at the chosen position
    substitute    ///< the second, a term, in place of a variable of a formula
};
constexpr int numberOperations = 3;

/// All that the page Codes looks at besides the focus and what its learned half keeps.
struct CodesValue {
    std::string alphabet = "digits";        ///< id of a row of goedel::alphabetRows(), or runAlphabet
    std::map<std::string, QString> texts;   ///< by alphabet: the sequence, as it could be read; without: the row's example
    std::map<std::string, QString> others;  ///< by alphabet: the second sequence; without: usualOther()
    std::size_t column = 0;                 ///< the position in hand
    NumberOperation operation = NumberOperation::concatenate;
    QString variable;                                              ///< that is substituted; none of those that are free: the first free one
    QString proof, theorem;                                        ///< what the relation "proves" is asked of; empty: the usual
    std::map<std::string, goedel::Judgement, std::less<>> judged;  ///< by the id of the claim

    bool operator==(const CodesValue&) const = default;
};

/// The page's small value, shared by its tabs, and what it means: the sequences. A text that cannot be read leaves the sequence as it was.
class CodesState : public QObject {
    Q_OBJECT

public:
    explicit CodesState(QObject* parent = nullptr);

    const CodesValue& value() const { return m_value; }
    /// Members out of range are put right.
    void set(CodesValue value);

    /// The sequence that is shown, and the second one, which calculations on numbers take.
    enum class Slot { sequence, other };
    const CodedSequence& sequence(Slot slot = Slot::sequence) const { return part(slot).read; }
    /// What stands in the field, whether it could be read or not.
    QString typed(Slot slot = Slot::sequence) const { return part(slot).typed; }
    /// Why it could not; empty: it could.
    QString problem(Slot slot = Slot::sequence) const { return part(slot).problem; }
    void type(const QString& text, Slot slot = Slot::sequence);
    /// Shows another sequence of the alphabet, as a number was decoded to.
    void show(const goedel::Symbols& symbols);

    void chooseAlphabet(const std::string& id);
    void setColumn(std::size_t column);
    void judge(const std::string& claim, goedel::Judgement judgement);

    /// Takes words and sample of the run in focus; changes what is shown while its alphabet is the run's.
    void follow(const Focus& focus);
    /// Why the run in focus has no alphabet of words; empty: it has one.
    QString whyNoWords() const { return m_whyNoWords; }

    QJsonObject notes() const;
    void takeNotes(const QJsonObject& notes);

signals:
    void changed();

private:
    struct Part {
        CodedSequence read;
        QString typed, problem;
    };
    Part& part(Slot slot) { return m_parts[static_cast<int>(slot)]; }
    const Part& part(Slot slot) const { return m_parts[static_cast<int>(slot)]; }
    std::shared_ptr<const goedel::Alphabet> alphabet() const;
    bool follows(Slot slot) const;
    QString textOf(Slot slot) const;
    bool readInto(Slot slot, const QString& text);
    void readAll();
    void putRight(bool others);
    void readWords(const Focus& focus);

    CodesValue m_value;
    Part m_parts[2];
    std::weak_ptr<const Dataset> m_known;             ///< whose words are known
    std::shared_ptr<const goedel::Alphabet> m_words;  ///< null: the run has none
    goedel::Symbols m_sample;                         ///< of the run
    QString m_whyNoWords;
};

/// The whole alphabet of a built-in id, made once; null: there is none.
std::shared_ptr<const goedel::Alphabet> builtInAlphabet(const std::string& id);

}  // namespace lab
