#pragma once

#include <QWidget>
#include <functional>
#include <optional>
#include <string>

#include "core/learn/lesson.h"

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace lab {

/// All that can be written of a lesson as a whole, or of one of its steps. It stands until the step has other parts.
class LessonForm : public QWidget {
    Q_OBJECT

public:
    /// `step`: among the lesson's; none: what stands for the whole lesson. `actions`: the names of what the window can do.
    LessonForm(LessonRow& row, std::optional<std::size_t> step, const QStringList& actions, QWidget* parent = nullptr);

signals:
    void edited();
    /// Another part, or one less: a new form is wanted.
    void partsChanged();
    /// The step is to show what is looked at now.
    void placeWanted();

private:
    using Text = std::function<std::string&()>;
    using OfTexts = std::function<std::string&(LessonTexts&)>;
    using OfStep = std::function<std::string&(LessonStepTexts&)>;

    void makeWhole();
    void makeStep();
    void makeShow();
    void makeAct();
    void makePrediction();
    void makeAnswers();
    void makeHints();

    void head(const QString& title);
    QLineEdit* line(const char* name, const QString& title, const Text& text, const QString& hint = {});
    void number(const char* name, const QString& title, const std::function<double&()>& value);
    void lines(const char* name, const QString& title, const QString& text, const std::function<void(const QStringList&)>& take,
               const QString& hint);
    QComboBox* choice(const char* name, const QString& title, const QStringList& choices, int current,
                      const std::function<void(int)>& take);
    void button(const QString& name, const QString& title, const std::function<void()>& act);
    void texts(const QString& name, const QString& title, int lines, const OfTexts& text);
    void stepTexts(const QString& name, const QString& title, int lines, const OfStep& text);
    void add(QWidget* widget);

    LessonStep& step() { return m_row.lesson.steps[*m_step]; }
    Prediction& prediction() { return *step().predict; }
    void setKind(int index);
    void setAct(int index);

    LessonRow& m_row;
    const std::optional<std::size_t> m_step;
    const QStringList m_actions;
    QVBoxLayout* m_column;
};

/// The value of the map's cell that the step shows, as an expression; empty where it shows none.
std::string cellExpression(const std::string& show);

}  // namespace lab
