#include "ui/pages/explain/mistakes_view.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/formula_text.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {
namespace {

void clear(QLayout* layout) {
    while (QLayoutItem* item = layout->takeAt(0)) {
        if (item->widget()) {
            item->widget()->setObjectName({});
            item->widget()->hide();
            item->widget()->deleteLater();
        }
        if (item->layout()) clear(item->layout());
        delete item;
    }
}

void setFormula(QLabel& label, const QString& text) {
    label.setText(formulaHtml(label.font(), text));
    label.setAccessibleName(plainFormula(text));
}

ThemedLabel* formulaLabel(const QString& text, TextSize size, Role role, bool bold) {
    auto* label = new ThemedLabel(QString(), size, role, bold);
    label->setTextFormat(Qt::RichText);
    setFormula(*label, text);
    return label;
}

ThemedLabel* wrapped(const QString& text, TextSize size, Role role, bool bold) {
    auto* label = formulaLabel(text, size, role, bold);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::NoTextInteraction);
    return label;
}

}  // namespace

MistakesView::MistakesView(QWidget* parent) : QWidget(parent) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    auto* listPanel = new PanelFrame(tr("Common mistakes"), this);
    auto* back = named("explain.mistakes.back", new Button(tr("Back to the walk")));
    back->setKeycap(tr("Esc"));
    back->setHeight(20);
    connect(back, &QPushButton::clicked, this, &MistakesView::closed);
    auto* list = new QWidget;
    m_list = new QVBoxLayout(list);
    listPanel->setContent(list);
    listPanel->setOnScreen(false);
    auto* bodyPanel = new PanelFrame(tr("True or false?"), this);
    bodyPanel->addControl(back);
    auto* body = new QWidget;
    m_body = new QVBoxLayout(body);
    m_body->setContentsMargins(24, 20, 24, 20);
    m_body->setSpacing(12);
    bodyPanel->setContent(body);
    layout->addWidget(listPanel, 2);
    layout->addWidget(bodyPanel, 3);
    setFocusPolicy(Qt::ClickFocus);  // a click beside a button keeps the keys here
    m_predicted.assign(9, -1);
    whenThemed(this, &MistakesView::rebuild);
}

void MistakesView::setScene(const explain::MistakeScene& scene) {
    std::vector<explain::Mistake> before = std::exchange(m_mistakes, explain::mistakes(scene));
    m_predicted.resize(m_mistakes.size(), -1);
    const auto sameWords = [](const explain::Mistake& a, const explain::Mistake& b) {
        return a.claim == b.claim && a.question == b.question && a.choices == b.choices && a.right == b.right &&
               std::ranges::equal(a.numbers, b.numbers, [](const auto& x, const auto& y) { return x.first == y.first; });
    };
    if (std::ranges::equal(before, m_mistakes, sameWords))
        refreshNumbers();  // whoever is about to answer keeps the keyboard
    else
        rebuild();
}

void MistakesView::refreshNumbers() {
    if (m_refutation == nullptr) return;
    const explain::Mistake& m = m_mistakes[static_cast<std::size_t>(m_current)];
    setFormula(*m_refutation, shown(m.refutation));
    for (std::size_t i = 0; i < m_values.size(); ++i) m_values[i]->setText(shown(m.numbers[i].second));
}

void MistakesView::show(int index) {
    m_current = index;
    rebuild();
}

void MistakesView::predict(int choice) {
    m_predicted[static_cast<std::size_t>(m_current)] = choice;
    rebuild();
}

bool MistakesView::choosesClaim(const QKeyEvent& event) const {
    const int letter = event.key() - Qt::Key_A;
    return !event.modifiers() && letter >= 0 && letter < static_cast<int>(m_mistakes.size());
}

/// The claims' letters go to them, not to the window's shortcuts.
bool MistakesView::event(QEvent* event) {
    if (event->type() == QEvent::ShortcutOverride && choosesClaim(*static_cast<QKeyEvent*>(event))) {
        event->accept();
        return true;
    }
    return QWidget::event(event);
}

/// Escape leaves; a letter, or Up and Down, choose a claim.
void MistakesView::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_mistakes.size()) - 1;
    if (event->key() == Qt::Key_Escape)
        emit closed();
    else if (choosesClaim(*event))
        show(event->key() - Qt::Key_A);
    else if (event->key() == Qt::Key_Up || event->key() == Qt::Key_Down)
        show(std::clamp(m_current + (event->key() == Qt::Key_Up ? -1 : 1), 0, last));
    else
        QWidget::keyPressEvent(event);
}

/// The keyboard stays where it was, on a new button of the same name.
void MistakesView::rebuild() {
    const QWidget* before = QApplication::focusWidget();
    const bool here = before && (before == this || isAncestorOf(before));
    const QString name = here ? before->objectName() : QString();
    refill();
    if (!here || before == this) return;
    QWidget* again = name.isEmpty() ? nullptr : findChild<QWidget*>(name);
    if (!again) again = this;
    again->show();  // at once, not when the layout comes to it: what is hidden takes no focus
    again->setFocus();
}

void MistakesView::refill() {
    if (m_mistakes.empty()) return;
    clear(m_list);
    clear(m_body);
    m_refutation = nullptr;
    m_values.clear();
    for (std::size_t i = 0; i < m_mistakes.size(); ++i) {
        const int index = static_cast<int>(i), predicted = m_predicted[i];
        const QString mark = predicted < 0 ? QString() : QStringLiteral("  ") + verdictText(predicted == m_mistakes[i].right).trimmed();
        QString claim = shown(m_mistakes[i].claim);
        const QString shortened =
            QFontMetrics(Theme::instance().font(TextSize::text)).elidedText(claim, Qt::ElideRight, Theme::instance().px(380));
        auto* button = new Button(QString(QChar(u'a' + static_cast<char16_t>(index))) + QStringLiteral(")  ") + shortened + mark);
        button->setCheckable(true);
        button->setChecked(index == m_current);
        button->setHeight(28);
        button->setObjectName(QStringLiteral("explain.mistakes.claim_%1").arg(index + 1));
        button->setAccessibleName(claim);
        button->setToolTip(claim);
        connect(button, &QPushButton::clicked, this, [this, index] { show(index); });
        m_list->addWidget(button);
    }
    m_list->addStretch();
    const explain::Mistake& m = m_mistakes[static_cast<std::size_t>(m_current)];
    m_body->addWidget(wrapped(QStringLiteral("\u201C") + shown(m.claim) + QStringLiteral("\u201D"), TextSize::meter, Role::text, true));
    m_body->addWidget(wrapped(shown(m.question), TextSize::token, Role::text, false));
    const int predicted = m_predicted[static_cast<std::size_t>(m_current)];
    auto* choices = new QHBoxLayout;
    for (std::size_t c = 0; c < m.choices.size(); ++c) {
        const int choice = static_cast<int>(c);
        const bool told = predicted >= 0 && (choice == m.right || choice == predicted);
        auto* button = new Button(told ? verdictText(choice == m.right, shown(m.choices[c])) : shown(m.choices[c]));
        button->setCheckable(true);
        button->setObjectName(QStringLiteral("explain.mistakes.choice_%1").arg(choice + 1));
        button->setChecked(choice == predicted);
        button->setHeight(28);
        connect(button, &QPushButton::clicked, this, [this, choice] { predict(choice); });
        choices->addWidget(button);
    }
    choices->addStretch();
    m_body->addLayout(choices);
    if (predicted < 0) {
        m_body->addWidget(wrapped(tr("Predict first; the numbers come after."), TextSize::text, Role::muted, false));
    } else {
        const bool right = predicted == m.right;
        m_body->addWidget(wrapped(verdictText(right, right ? tr("Right: the claim is false.") : tr("Not so, and the claim is false too.")),
                                  TextSize::token, verdictRole(right), true));
        m_refutation = wrapped(shown(m.refutation), TextSize::text, Role::text, false);
        m_body->addWidget(m_refutation);
        for (const auto& [what, value] : m.numbers) {
            auto* row = new QHBoxLayout;
            row->addWidget(formulaLabel(shown(what), TextSize::text, Role::muted, false));
            row->addStretch();
            m_values.push_back(new ThemedLabel(shown(value), TextSize::token, Role::text, true));
            row->addWidget(m_values.back());
            m_body->addLayout(row);
        }
    }
    m_body->addStretch();
}

}  // namespace lab
