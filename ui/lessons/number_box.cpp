#include "ui/lessons/number_box.h"

#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/number_text.h"
#include "ui/lessons/plain_number.h"
#include "ui/text/message_text.h"
#include "ui/text/number_words.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

int decimalsOf(const QString& number) {
    const qsizetype point = number.indexOf(decimalPoint());
    return point < 0 ? 0 : static_cast<int>(std::min<qsizetype>(number.size() - point - 1, 9));
}

}  // namespace

NumberBox::NumberBox(const PredictionScene& scene) : m_prediction(scene.prediction) {
    m_field = named("lesson.number", new QLineEdit);
    m_field->setAccessibleName(tr("Your number"));
    m_field->setPlaceholderText(tr("Your number, such as 0.25"));
    m_verdict = new ThemedLabel({}, TextSize::text, Role::muted);
    m_verdict->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    keepSpacing(column, {}, 6);
    column->addWidget(m_field);
    column->addWidget(m_verdict);
    connect(m_field, &QLineEdit::textChanged, this, [this](const QString& text) {
        m_verdict->setRole(Role::wrong);
        m_verdict->setText(text.isEmpty() || said() ? QString() : tr("%1 is no number").arg(text));
        emit saidChanged();
    });
}

/// With a point or a comma.
std::optional<Revealed> NumberBox::said() const {
    const auto number = typedNumber(m_field->text());
    return number ? std::optional(Revealed{{}, {*number}}) : std::nullopt;
}

void NumberBox::say(const Revealed& said) {
    m_field->setText(withShownPoint(qt(numberText(said.numbers.front()))));
}

QWidget* NumberBox::typedInto() const {
    return m_field->isReadOnly() ? nullptr : m_field;
}

void NumberBox::reveal(const Revealed& right) {
    const std::optional<Revealed> answer = said();
    m_field->setReadOnly(true);
    const QString typed = withShownPoint(plainNumber(m_field->text())).replace(u'-', QChar(0x2212));
    const QString value = writtenPlainly(right.numbers.front(), 3, answer ? decimalsOf(typed) : 0);
    if (!answer) return m_verdict->setText(tr("It is %1.").arg(value));
    const bool near = isRight(m_prediction, *answer, right);
    m_verdict->setRole(verdictRole(near));
    m_verdict->setText((near ? QStringLiteral("\u2713 ") : QStringLiteral("\u00d7 ")) +
                       verdictOf(near, typed, value, writtenPlainly(std::abs(answer->numbers.front() - right.numbers.front()), 2)));
}

/// A distance is said where it is one to whoever reads the two numbers.
QString NumberBox::verdictOf(bool near, const QString& said, const QString& value, const QString& off) {
    if (near && typedNumber(said) == typedNumber(value)) return tr("You said %1: right.").arg(said);
    if (near) return tr("You said %1: near enough, it is %2.").arg(said, value);
    return tr("You said %1, it is %2: off by %3.").arg(said, value, off);
}

}  // namespace lab
