#include "ui/lessons/hands_box.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPainter>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/lessons/lesson_guide.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/language.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int mostAnswers = 6, leastAnswers = 2, mostHands = 999;
constexpr int letterWidth = 20, countWidth = 40, shareWidth = 36, handBarHeight = 12;  // logical px at 100 %

}  // namespace

/// A share of all hands.
class HandBar : public QWidget {
public:
    HandBar() {
        followTheme(this, [this] { setFixedHeight(Theme::instance().px(handBarHeight)); });
    }
    void set(double share, bool right) {
        m_share = share;
        m_right = right;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        painter.fillRect(rect(), theme.color(Role::track));
        painter.fillRect(QRectF(0, 0, width() * m_share, height()), theme.color(m_right ? Role::right : Role::series1));
    }

private:
    double m_share = 0;
    bool m_right = false;
};

HandsBox::HandsBox(LessonGuide& guide, QWidget* parent) : QWidget(parent), m_guide(guide) {
    auto* column = new QVBoxLayout(this);
    column->addWidget(makeQuestion());
    for (int i = 0; i < mostAnswers; ++i) column->addWidget(makeRow(i));
    column->addWidget(makeFooter());
    keepSpacing(column, {12, 8, 12, 8}, 6);
    connect(&m_guide, &LessonGuide::stepChanged, this, &HandsBox::ask);
    connect(&m_guide, &LessonGuide::stageChanged, this, &HandsBox::showStage);
    connect(&m_guide, &LessonGuide::revealed, this, &HandsBox::showCounts);
    followTheme(this, &HandsBox::showWords);
    ask();
}

QWidget* HandsBox::makeQuestion() {
    m_question = lessonParagraph(TextSize::text, Role::text);
    m_own = named("parts.hands.question", new QLineEdit);
    m_own->setAccessibleName(tr("A question of your own"));
    m_own->setPlaceholderText(m_own->accessibleName());
    m_more = named("parts.hands.more", new Button(QStringLiteral("+")));
    m_more->setAccessibleName(tr("One more answer"));
    m_more->setToolTip(m_more->accessibleName());
    connect(m_more, &Button::clicked, this, [this] {
        m_ownAnswers = m_ownAnswers == mostAnswers ? leastAnswers : m_ownAnswers + 1;
        showWords();
    });
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    row->addWidget(m_question, 1);
    row->addWidget(m_own, 1);
    row->addWidget(m_more);
    keepSpacing(row, {}, 6);
    return all;
}

QWidget* HandsBox::makeRow(int index) {
    const QString letter(QLatin1Char(static_cast<char>('A' + index)));
    Row row{new QWidget,
            new ThemedLabel(letter, TextSize::text, Role::text, true),
            lessonParagraph(TextSize::axis, Role::muted),
            new ThemedLabel({}, TextSize::text, Role::muted),
            new HandBar,
            named(QStringLiteral("parts.hands.%1").arg(index + 1), new QSpinBox)};
    row.count->setRange(0, mostHands);
    row.count->setButtonSymbols(QAbstractSpinBox::NoButtons);
    row.count->setAlignment(Qt::AlignRight);
    row.count->setAccessibleName(tr("Hands for %1").arg(letter));
    connect(row.count, &QSpinBox::valueChanged, this, &HandsBox::showCounts);
    auto* numbers = new QHBoxLayout;
    numbers->addWidget(row.letter);
    numbers->addWidget(row.bar, 1);
    numbers->addWidget(row.count);
    numbers->addWidget(row.share);
    auto* column = new QVBoxLayout(row.whole);
    column->addWidget(row.words);
    column->addLayout(numbers);
    keepSpacing(numbers, 8);
    keepSpacing(column, {}, 2);
    followTheme(row.whole, [row] {
        const Theme& theme = Theme::instance();
        row.letter->setFixedWidth(theme.px(letterWidth));
        row.count->setFixedWidth(theme.px(countWidth));
        row.share->setFixedWidth(theme.px(shareWidth));
    });
    m_rows.push_back(row);
    return row.whole;
}

QWidget* HandsBox::makeFooter() {
    m_total = new ThemedLabel({}, TextSize::text, Role::muted);
    m_clear = named("parts.hands.clear", new Button(tr("Clear")));
    m_clear->setFlatLook(true);
    m_go = named("parts.hands.reveal", new Button(tr("Reveal")));
    connect(m_clear, &Button::clicked, this, [this] {
        for (const Row& row : m_rows) row.count->setValue(0);
    });
    connect(m_go, &Button::clicked, this, &HandsBox::goOn);
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->addWidget(m_total);
    row->addStretch(1);
    row->addWidget(m_clear);
    row->addWidget(m_go);
    keepSpacing(row, {}, 6);
    return footer;
}

void HandsBox::setSaysAnswers(bool says) {
    m_saysAnswers = says;
    showWords();
}

int HandsBox::hands() const {
    int sum = 0;
    for (const Row& row : m_rows)
        if (!row.whole->isHidden()) sum += row.count->value();
    return sum;
}

bool HandsBox::asksChoice() const {
    if (!m_guide.row() || m_guide.isBehindTheLast()) return false;
    const auto& predict = m_guide.step().predict;
    return predict && predict->kind == Prediction::Kind::choice && predict->answers.size() <= mostAnswers;
}

const LessonStepTexts& HandsBox::texts() const {
    return m_guide.texts(language().toStdString());
}

void HandsBox::ask() {
    for (const Row& row : m_rows) {
        const QSignalBlocker quiet(row.count);
        row.count->setValue(0);
    }
    showWords();
    showStage();
}

void HandsBox::showWords() {
    const bool choice = asksChoice();
    m_question->setVisible(choice);
    m_own->setVisible(!choice);
    m_more->setVisible(!choice);
    if (choice) m_question->setText(lessonHtml(m_question->font(), texts().question));
    const auto& answers = choice ? m_guide.step().predict->answers : std::vector<Prediction::Answer>();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        row.whole->setVisible(choice ? i < answers.size() : i < static_cast<std::size_t>(m_ownAnswers));
        const std::string words = i < answers.size() ? texts().answers.at(answers[i].id) : std::string();
        row.words->setText(lessonHtml(row.words->font(), words));
        row.words->setVisible(m_saysAnswers && !words.empty());
        row.whole->setToolTip(lessonPlain(words));
    }
    showCounts();
}

void HandsBox::showCounts() {
    const int all = hands();
    const bool seen = asksChoice() && m_guide.stage() == LessonGuide::Stage::done && m_guide.right();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row& row = m_rows[i];
        const double share = all > 0 ? static_cast<double>(row.count->value()) / all : 0;
        const bool right =
            seen && i < m_guide.step().predict->answers.size() && m_guide.step().predict->answers[i].id == m_guide.right()->answers.front();
        const QChar letter = QLatin1Char(static_cast<char>('A' + i));
        row.letter->setText(right ? QStringLiteral("%1\u2009\u2713").arg(letter) : QString(letter));
        row.letter->setAccessibleName(right ? tr("%1 is right").arg(letter) : QString(letter));
        row.letter->setRole(right ? Role::right : Role::text);
        row.bar->set(share, right);
        row.share->setText(all > 0 ? tr("%1 %").arg(fixed(100 * share, 0)) : QString());
    }
    m_total->setText(counted(LAB_PLURAL("hands", "%n hand(s)"), all));
    m_clear->setEnabled(all > 0);
    showStage();
}

/// A question of one's own reveals nothing; a lesson's goes on from here too, as its panel may be hidden.
void HandsBox::showStage() {
    using Stage = LessonGuide::Stage;
    const bool walks = m_guide.row() && !m_guide.isBehindTheLast();
    m_go->setVisible(walks);
    if (!walks) return;
    const Stage stage = m_guide.stage();
    const bool asking = stage == Stage::asking;
    m_go->setText(stage == Stage::done ? tr("Next") : asking && !asksChoice() ? tr("Skip") : tr("Reveal"));
    m_go->setEnabled(stage == Stage::done || stage == Stage::ready || (asking && (!asksChoice() || hands() > 0)));
}

/// What most hands were raised for is what was predicted.
void HandsBox::goOn() {
    const LessonGuide::Stage stage = m_guide.stage();
    if (stage == LessonGuide::Stage::done) return m_guide.next();
    if (stage == LessonGuide::Stage::asking && !asksChoice()) return m_guide.skip();
    if (asksChoice() && hands() > 0) {
        const auto& answers = m_guide.step().predict->answers;
        const auto most = std::max_element(m_rows.begin(), m_rows.begin() + static_cast<std::ptrdiff_t>(answers.size()),
                                           [](const Row& a, const Row& b) { return a.count->value() < b.count->value(); });
        m_guide.setSaid(Revealed{{answers[static_cast<std::size_t>(most - m_rows.begin())].id}, {}});
    }
    m_guide.act();
}

}  // namespace lab
