#include "ui/lessons/choice_box.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/lessons/lesson_words.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

AnswerCard::AnswerCard(QChar letter, const std::string& words) : m_words(words), m_letter(letter) {
    setCheckable(true);
    setCursor(Qt::PointingHandCursor);
    setFocusPolicy(Qt::TabFocus);  // a click leaves the keys to the lesson, whose Enter goes on
    m_badge = new ThemedLabel(letter, TextSize::axis, Role::muted, true, this);
    m_text = new ThemedLabel({}, TextSize::text, Role::text, false, this);
    m_verdict = new ThemedLabel({}, TextSize::axis, Role::muted, false, this);
    m_verdict->hide();
    for (ThemedLabel* label : {m_badge, m_text, m_verdict}) label->setAttribute(Qt::WA_TransparentForMouseEvents);
    for (ThemedLabel* label : {m_text, m_verdict}) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::RichText);
    }
    auto* row = new QHBoxLayout(this);
    row->addWidget(m_badge, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->addWidget(m_text);
    column->addWidget(m_verdict);
    row->addLayout(column, 1);
    keepSpacing(row, {10, 8, 10, 8}, 10);
    keepSpacing(column, 4);
    followTheme(this, &AnswerCard::restyle);
}

void AnswerCard::restyle() {
    m_text->setText(lessonHtml(Theme::instance().font(TextSize::text), m_words));
    m_verdict->setText(lessonHtml(Theme::instance().font(TextSize::axis), m_reason));
    setText(QStringLiteral("%1: %2").arg(m_letter).arg(lessonPlain(m_words)));
    setAccessibleName(text());
}

void AnswerCard::setVerdict(bool right, bool chosen, const std::string& reason) {
    if (right || chosen) m_right = right;
    const std::string mark = right ? "\u2713 " : "\u00d7 ";
    m_reason = mark + (chosen ? "**" + tr("You said this.").toStdString() + "** " : std::string()) + reason;
    m_verdict->setRole(right ? Role::right : chosen ? Role::wrong : Role::muted);
    m_verdict->show();
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setCursor(Qt::ArrowCursor);
    restyle();
    setAccessibleDescription(lessonPlain(m_reason));
}

/// Space chooses what has the focus; in the window it trains.
bool AnswerCard::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) {
        event->accept();
        return true;
    }
    return QAbstractButton::event(event);
}

/// All other keys are of the lesson.
void AnswerCard::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space) return QAbstractButton::keyPressEvent(event);
    event->ignore();
}

void AnswerCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Role border = m_right ? verdictRole(*m_right) : isChecked() ? Role::accent : Role::controlBorder;
    const double width = m_right || isChecked() || hasFocus() ? 2.0 : 1.0;
    painter.setPen(QPen(theme.color(border), width));
    painter.setBrush(theme.color(!m_right && isChecked()            ? Role::selection
                                 : underMouse() && m_reason.empty() ? Role::hover
                                                                    : Role::control));
    const double inset = width / 2 + 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), 4, 4);
}

ChoiceBox::ChoiceBox(const PredictionScene& scene) : m_prediction(scene.prediction), m_texts(scene.texts) {
    auto* column = new QVBoxLayout(this);
    keepSpacing(column, {}, 6);
    for (const Prediction::Answer& answer : m_prediction.answers) {
        const auto place = static_cast<char>('A' + m_cards.size());
        auto* card = named(QStringLiteral("lesson.answer_%1").arg(m_cards.size() + 1),
                           new AnswerCard(QLatin1Char(place), m_texts.answers.at(answer.id)));
        m_cards.push_back(card);
        column->addWidget(card);
        connect(card, &QAbstractButton::toggled, this, [this, card](bool on) {
            if (on) choose(card);
        });
    }
}

/// One of them. A QButtonGroup would leave only the chosen one to Tab.
void ChoiceBox::choose(AnswerCard* chosen) {
    for (AnswerCard* card : m_cards)
        if (card != chosen) card->setChecked(false);
    emit saidChanged();
}

std::optional<Revealed> ChoiceBox::said() const {
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        if (m_cards[i]->isChecked()) return Revealed{{m_prediction.answers[i].id}, {}};
    return std::nullopt;
}

void ChoiceBox::say(const Revealed& said) {
    for (std::size_t i = 0; i < m_cards.size(); ++i)
        if (m_prediction.answers[i].id == said.answers.front()) m_cards[i]->setChecked(true);
}

void ChoiceBox::reveal(const Revealed& right) {
    m_revealed = true;
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        const std::string& id = m_prediction.answers[i].id;
        const auto reason = m_texts.reasons.find(id);
        m_cards[i]->setVerdict(right.answers.front() == id, m_cards[i]->isChecked(),
                               reason == m_texts.reasons.end() ? std::string() : reason->second);
        m_cards[i]->setFocusPolicy(Qt::NoFocus);
    }
}

bool ChoiceBox::takeKey(int key) {
    if (m_revealed) return false;
    const int count = static_cast<int>(m_cards.size());
    int now = -1;
    for (int i = 0; i < count; ++i)
        if (m_cards[static_cast<std::size_t>(i)]->isChecked()) now = i;
    const int to = key == Qt::Key_Down ? std::min(now + 1, count - 1) : key == Qt::Key_Up ? std::max(now - 1, 0) : key - Qt::Key_A;
    if (to < 0 || to >= count) return false;
    AnswerCard* card = m_cards[static_cast<std::size_t>(to)];
    card->setChecked(true);
    card->setFocus(Qt::OtherFocusReason);  // a screen reader says what has the focus
    return true;
}

}  // namespace lab
