#pragma once

#include <QDialog>
#include <functional>
#include <vector>

#include "core/learn/questions.h"
#include "core/learn/search.h"

class QAction;
class QLineEdit;
class QListWidget;
class QListWidgetItem;

namespace lab {

class Button;
class ThemedLabel;

/// One line of the palette: a question with its answer, or something that is done at once.
struct AskEntry {
    QString line;      ///< "Training: One step  (.)"
    Searchable words;  ///< what finds it
    std::function<void()> act;
    const LearnerQuestion* question = nullptr;  ///< whose answer stands beside the list
    const QAction* action = nullptr;            ///< its line is left out while it is disabled
};

/// Questions, commands, presets, pages and settings by what one types. A question shows its answer beside the list, and Enter or *Show me*
/// what it speaks of; anything else is done by Enter. Closes when it has, and with Escape.
class AskPalette : public QDialog {
    Q_OBJECT

public:
    AskPalette(std::vector<AskEntry> entries, QWidget* parent);

    QLineEdit& field() const { return *m_field; }
    QListWidget& list() const { return *m_list; }
    /// What stands beside the list.
    QString answer() const;
    Button& showButton() const { return *m_show; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeAnswer();
    void fill(const QString& words);
    void showAnswer();
    void doChosen();
    const AskEntry* chosen() const;

    std::vector<AskEntry> m_entries;
    Search m_search;
    QLineEdit* m_field;
    QListWidget* m_list;
    ThemedLabel *m_question, *m_answer, *m_example;
    Button* m_show;
};

}  // namespace lab
