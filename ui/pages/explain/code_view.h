#pragma once

#include <QPlainTextEdit>
#include <QWidget>
#include <string>

#include "core/explain/code.h"

namespace lab {

class Button;
class SegmentedControl;
class ThemedLabel;

/// Lines of code to be read and copied: coloured as the theme says, one of them lit. Its keys are those of the page but for those that
/// move and copy.
class CodeText : public QPlainTextEdit {
    Q_OBJECT

public:
    explicit CodeText(QWidget* parent = nullptr);

    /// `comment` is what a comment begins with; `lit` a line from 0, or -1.
    void setCode(const QString& code, const QString& comment, int lit);
    int litLine() const { return m_lit; }

signals:
    void copyWanted();

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void light();
    void applyMeasures();

    class Colours;
    Colours* m_colours;
    int m_lit = -1;
};

/// A stage of a walk as code, in a language that the person chooses, to be copied alone or with all that leads to it.
class CodeView : public QWidget {
    Q_OBJECT

public:
    explicit CodeView(QWidget* parent = nullptr);

    const explain::CodeLanguage& language() const;
    void setLanguage(int index);
    /// The code of a walk in that language, and the stage to show. `byHand`: the walk has changes that no line makes.
    void setCode(explain::WalkCode code, const explain::Stage& stage, bool byHand);
    CodeText* text() const { return m_text; }

signals:
    void languageChosen();

private:
    void applyMeasures();
    void copy(bool all);

    explain::WalkCode m_code;
    std::string m_stage;
    SegmentedControl* m_language;
    ThemedLabel* m_about;
    Button *m_copyStage, *m_copyAll;
    CodeText* m_text;
};

}  // namespace lab
