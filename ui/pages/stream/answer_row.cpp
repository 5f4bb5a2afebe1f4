#include "ui/pages/stream/answer_row.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolTip>

#include "core/base/errors.h"
#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "ui/pages/stream/lens_scene.h"
#include "ui/pages/stream/patch_scene.h"
#include "ui/text/message_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int leastAnswerLetters = 6;

/// The class that is called so: by its name, else a token of the tokenizer. Throws InputError.
int namedAnswer(const Run& run, int classes, const QString& text) {
    const QString wanted = text.trimmed();
    if (classes != run.model()->config().vocab_size.value_or(-1)) {
        for (int id = 0; id < classes; ++id)
            if (answerName(run, id) == wanted) return id;
        throw InputError(Message(LAB_TEXT("stream", "No answer of this model is called “%1”.")).arg(wanted.toStdString()));
    }
    return run.dataset()->tokenizer().encodeOne(text.toStdString());
}

/// What was typed and left without Enter.
void takeBack(QComboBox& box) {
    QLineEdit& line = *box.lineEdit();
    if (line.hasFocus() || !line.isModified()) return;
    line.setText(box.currentIndex() < 0 ? QString() : box.itemText(box.currentIndex()));
    markInvalid(line, false);
}

}  // namespace

AnswerRow::AnswerRow(QWidget* parent) : QWidget(parent) {
    auto* row = new QHBoxLayout(this);
    m_answer = makeBox("stream.patching.answer", tr("Answer"),
                       tr("Whose logit is measured: what the clean run answers, or another; type a token and press Enter"));
    m_other = makeBox("stream.patching.rival", tr("Rival"),
                      tr("Whose logit is taken off: what the corrupted run answers, or another; type a token and press Enter"));
    m_minus = new ThemedLabel(QStringLiteral("\u2212"), TextSize::axis, Role::muted);
    row->addWidget(new ThemedLabel(tr("Answer"), TextSize::axis, Role::muted));
    row->addWidget(m_answer, 1);
    row->addWidget(m_minus);
    row->addWidget(m_other, 1);
    keepSpacing(row, {0, 0, 0, 0}, 6);
    const auto connectBox = [this](QComboBox* box, int ChosenAnswers::*which) {
        connect(box, &QComboBox::activated, this, [this, box, which](int index) { choose(box->itemData(index).toInt(), which); });
        connect(box->lineEdit(), &QLineEdit::returnPressed, this, [this, box, which] { type(*box, which); });
        connect(box->lineEdit(), &QLineEdit::textEdited, this, [box] { markInvalid(*box->lineEdit(), false); });
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, [box] { takeBack(*box); });
    };
    connectBox(m_answer, &ChosenAnswers::answer);
    connectBox(m_other, &ChosenAnswers::other);
}

QComboBox* AnswerRow::makeBox(const char* name, const QString& words, const QString& help) {
    auto* box = named(name, new QComboBox);
    box->setAccessibleName(words);
    box->setToolTip(help);
    box->setEditable(true);
    box->lineEdit()->setAccessibleName(words);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setCompleter(nullptr);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(leastAnswerLetters);
    return box;
}

/// The first choice is as the runs have it. What is being typed stays.
void AnswerRow::fill(QComboBox& box, int asked, int chosen) {
    if (box.lineEdit()->isModified() && box.lineEdit()->hasFocus()) return;
    const QSignalBlocker quiet(box);
    box.clear();
    box.addItem(chosen < 0 && asked >= 0 ? tr("%1 (as answered)").arg(answerName(*m_run, asked)) : tr("as answered"), -1);
    for (const int answer : m_likely) box.addItem(answerName(*m_run, answer), answer);
    if (chosen >= 0 && box.findData(chosen) < 0) box.addItem(answerName(*m_run, chosen), chosen);
    box.setCurrentIndex(chosen < 0 ? 0 : box.findData(chosen));
    markInvalid(*box.lineEdit(), false);
}

void AnswerRow::showFound(Run& run, const PatchFound& found, const ChosenAnswers& chosen) {
    const PatchQuestion& asked = found.question;
    const bool same = m_run == &run && m_chosen == chosen && m_likely == found.likely && m_question == asked;
    setEnabled(!found.likely.empty());
    if (same) return;  // a list may be open
    m_run = &run;
    m_classes = found.classes;
    m_chosen = chosen;
    m_likely = found.likely;
    m_question = asked;
    fill(*m_answer, m_likely.empty() ? -1 : asked.answer, chosen.answer);
    fill(*m_other, m_likely.empty() ? -1 : asked.other, chosen.other);
    const bool compares = asked.other >= 0 || !found.error.isEmpty();
    m_minus->setVisible(compares);
    m_other->setVisible(compares);
}

void AnswerRow::choose(int answer, int ChosenAnswers::*which) {
    m_chosen.*which = answer;
    emit chosen(m_chosen);
}

/// One of those to choose from, by its name with or without the blank before a word; else any that there is. Throws InputError.
int AnswerRow::typedAnswer(const QString& text) const {
    for (const int answer : m_likely)
        if (const QString name = answerName(*m_run, answer); name == text.trimmed() || bareToken(name) == text.trimmed()) return answer;
    return namedAnswer(*m_run, m_classes, text);
}

void AnswerRow::type(QComboBox& box, int ChosenAnswers::*which) {
    QLineEdit& line = *box.lineEdit();
    if (!m_run || !line.isModified()) return;
    try {
        const int answer = typedAnswer(line.text());
        line.setModified(false);
        choose(answer, which);
    } catch (const InputError& error) {
        markInvalid(line, true);
        QToolTip::showText(line.mapToGlobal(QPoint(0, line.height())), lab::shown(error), &line);
    }
}

}  // namespace lab
