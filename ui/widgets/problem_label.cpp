#include "ui/widgets/problem_label.h"

#include "ui/widgets/verdict.h"

namespace lab {

void markInvalid(QWidget& field, bool invalid) {
    field.setProperty("error", invalid);
    field.update();
}

ProblemLabel::ProblemLabel(TextSize size, QWidget* parent) : ThemedLabel({}, size, Role::wrong, true, parent) {
    setWordWrap(true);
    setAlignment(Qt::AlignLeft | Qt::AlignTop);
    hide();
}

void ProblemLabel::say(const QString& sentence) {
    m_sentence = sentence;
    setText(sentence.isEmpty() ? QString() : verdictText(false, sentence));
    setVisible(!sentence.isEmpty());
}

void ProblemLabel::say(const QString& sentence, QWidget& field) {
    say(sentence);
    markInvalid(field, !sentence.isEmpty());
}

}  // namespace lab
