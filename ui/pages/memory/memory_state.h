#pragma once

#include <QJsonObject>
#include <QObject>
#include <cstdint>
#include <string>
#include <vector>

#include "core/memory/pattern.h"

namespace lab {

/// All that the page Memory looks at besides the focus: what its tabs show is a pure function of it.
struct MemoryValue {
    std::vector<Pattern> patterns;  ///< all of one size; up to mostPatterns
    int chosen = 0;                 ///< index of the pattern that is asked for and compared with; -1 where none is stored
    Pattern query;                  ///< of the size of the patterns
    int noise = 30;                 ///< percent of the pixels that are flipped when a query is made of the chosen pattern
    std::uint64_t seed = 1;         ///< of the noise and of the order of updates
    std::string rule = "hebb";      ///< row of storageRules()
    bool synchronous = false;       ///< all pixels at once
    double beta = 1.0 / 16;         ///< of the modern net; 1/√d for pictures of 16 x 16, as vectors of +1 and -1

    const Pattern* chosenPattern() const;  ///< null where none is stored
    /// The chosen pattern with `noise` of its pixels flipped by `seed`; where nothing is stored, the query itself.
    Pattern noisyPattern() const;
    void askAgain() { query = noisyPattern(); }
    /// False: a hand has drawn the query, or opened it.
    bool asksByNoise() const { return query == noisyPattern(); }
    int rows() const { return query.rows; }
    int columns() const { return query.columns; }
    bool operator==(const MemoryValue&) const = default;
};

/// The page's small value, shared by its tabs, with an undo for all that a person drew.
class MemoryState : public QObject {
    Q_OBJECT

public:
    /// Begins with four icons, and the first of them with noise as the query.
    explicit MemoryState(QObject* parent = nullptr);

    const MemoryValue& value() const { return m_value; }
    /// A change that takes away nothing a hand has made: undo leaves it alone. Members out of range are put right.
    void set(MemoryValue value);
    /// One to be undone; `what` names it ("Delete apple"). Changes that bear the same `stroke` other than 0 are undone together.
    void edit(MemoryValue value, const QString& what, int stroke = 0);
    /// Another query: undone if the one before was made by hand, else as set().
    void ask(MemoryValue value, const QString& what);
    /// A number for the edits of one press of the mouse.
    int newStroke() { return ++m_stroke; }

    bool canUndo() const { return !m_done.empty(); }
    bool canRedo() const { return !m_undone.empty(); }
    QString undoName() const;  ///< what undo() would take back
    QString redoName() const;
    void undo();
    void redo();

    /// What a session keeps; empty while the page is as it was first opened.
    QJsonObject notes() const;
    /// What cannot be read stays as it was.
    void takeNotes(const QJsonObject& notes);

signals:
    /// The value, or what can be undone, is another; several changes in one frame are told one by one.
    void changed();

private:
    struct Step {
        MemoryValue before, after;
        QString what;
        int stroke;
    };
    void take(MemoryValue value);
    void takeHandiwork(const MemoryValue& from);
    void forgetOldSteps();

    MemoryValue m_value;
    std::vector<Step> m_done, m_undone;
    int m_stroke = 0;
};

/// As the page first shows it.
MemoryValue firstMemory();

}  // namespace lab
