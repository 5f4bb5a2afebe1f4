#pragma once

#include "ui/pages/memory/recall_study.h"
#include "ui/widgets/panel.h"

class QGridLayout;
class QLineEdit;
class QMenu;
class QScrollArea;

namespace lab {

class Button;
class PatternPad;
class PatternShelf;
class ProblemLabel;
class ThemedLabel;

/// The stored patterns: the chosen one large, to be drawn on, named and changed; all of them as a shelf; ways to add, open and save.
class PatternsPanel : public PanelFrame {
    Q_OBJECT

public:
    explicit PatternsPanel(MemoryState& state, QWidget* parent = nullptr);

    /// Adds the pictures of these files, each with its own problem or none.
    void open(const QStringList& paths);
    void save(const QString& path);
    QString problem() const;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeEditor();
    Button* makeChange(const QString& name, const QString& text, const QString& help, Pattern (*change)(const MemoryValue& value));
    void fillMenu();
    void showValue();
    void draw(int pixel, bool on);
    void changeChosen(Pattern pattern, const QString& what, int stroke = 0);
    void rename();
    void renameLeft();
    void showName();
    void add(std::vector<Pattern> patterns, const QString& what);
    void addRandom();
    void chooseFiles();
    void chooseTarget();
    void applyMeasures();

    MemoryState& m_state;
    int m_stroke = 0;
    int m_named = -1;   ///< the pattern whose name is in the field
    QString m_namedAs;  ///< what it was called when its name was put there
    Button *m_add, *m_undo, *m_delete;
    QMenu* m_menu;
    PatternPad* m_pad;
    QLineEdit* m_name;
    ThemedLabel* m_facts;
    std::vector<Button*> m_changes;
    PatternShelf* m_shelf;
    QScrollArea* m_scroll;
    ProblemLabel* m_problem;
};

}  // namespace lab
