#pragma once

#include <QTextEdit>

#include "core/text/corpus.h"

namespace lab {

/// A document with what cleaning did to it: struck what was taken out, underlined what was put in, signs for what cannot be seen.
class ChangeView : public QTextEdit {
    Q_OBJECT

public:
    enum class Shows { changes, clean, raw };

    explicit ChangeView(QWidget* parent = nullptr);

    /// Long documents are shown as far as they are given.
    void setChange(DocumentChange change, Shows shows);
    /// Marks these characters wherever they stand; empty: none.
    void mark(const QString& words);
    /// Goes to the next place that this rule changed, `round` to the first; false: there is none. Negative: any rule.
    bool goToNextPlace(int rule, bool round = true);
    /// Bytes of the document's front that are worth giving.
    static constexpr std::size_t most = 20000;

protected:
    void changeEvent(QEvent* event) override;

private:
    void write();
    void writeChanges();
    void showMarks();

    DocumentChange m_change;
    Shows m_shows = Shows::changes;
    QString m_marked;
    /// An edit as it stands in the shown text.
    struct Place {
        int from = 0, to = 0;  ///< characters
        int rule = 0;
    };
    std::vector<Place> m_places;
    int m_at = -1;  ///< the place last gone to
};

/// What stands for characters that cannot be seen: a middle dot for a space, an arrow for a tab, "U+200B".
QString visibleText(std::string_view text);

}  // namespace lab
