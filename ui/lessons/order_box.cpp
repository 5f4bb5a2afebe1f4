#include "ui/lessons/order_box.h"

#include <QKeyEvent>
#include <QListWidget>
#include <QVBoxLayout>

#include "ui/lessons/lesson_words.h"
#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/verdict.h"

namespace lab {

OrderBox::OrderBox(const PredictionScene& scene) : m_prediction(scene.prediction), m_texts(scene.texts) {
    m_list = named("lesson.order", new QListWidget);
    m_list->setAccessibleName(tr("The largest first: drag, or Alt with Up and Down"));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setWordWrap(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->installEventFilter(this);
    for (const Prediction::Answer& answer : m_prediction.answers) {
        auto* item = new QListWidgetItem(wordsOf(answer.id), m_list);
        item->setData(Qt::UserRole, QString::fromStdString(answer.id));
    }
    m_list->setCurrentRow(0);
    m_verdict = new ThemedLabel(tr("The largest first: drag, or Alt with Up and Down. Enter keeps the order as it is."), TextSize::axis,
                                Role::muted);
    m_verdict->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    keepSpacing(column, {}, 6);
    column->addWidget(m_list);
    column->addWidget(m_verdict);
    followTheme(this, [this] {
        const int row = m_list->sizeHintForRow(0);
        m_list->setFixedHeight(row * m_list->count() + Theme::instance().px(8));
    });
    connect(m_list->model(), &QAbstractItemModel::rowsMoved, this, &OrderBox::touched);
}

QString OrderBox::wordsOf(const std::string& id) const {
    return lessonPlain(m_texts.answers.at(id));
}

void OrderBox::touched() {
    m_touched = true;
    emit saidChanged();
}

std::optional<Revealed> OrderBox::said() const {
    if (!m_touched) return std::nullopt;
    Revealed order;
    for (int row = 0; row < m_list->count(); ++row) order.answers.push_back(m_list->item(row)->data(Qt::UserRole).toString().toStdString());
    return order;
}

void OrderBox::say(const Revealed& said) {
    for (int row = 0; row < m_list->count(); ++row) {
        const std::string& id = said.answers[static_cast<std::size_t>(row)];
        QListWidgetItem* item = m_list->item(row);
        item->setText(wordsOf(id));
        item->setData(Qt::UserRole, QString::fromStdString(id));
    }
    touched();
}

void OrderBox::reveal(const Revealed& right) {
    m_revealed = true;
    m_list->setDragDropMode(QAbstractItemView::NoDragDrop);
    const std::optional<Revealed> order = said();
    for (std::size_t i = 0; i < right.answers.size(); ++i) {
        QListWidgetItem* item = m_list->item(static_cast<int>(i));
        const bool here = item->data(Qt::UserRole).toString().toStdString() == right.answers[i];
        item->setText((here ? QStringLiteral("\u2713 ") : QStringLiteral("\u00d7 ")) + item->text());
    }
    QStringList words;
    for (const std::string& id : right.answers) words << wordsOf(id);
    const bool same = order && isRight(m_prediction, *order, right);
    m_verdict->setRole(order ? verdictRole(same) : Role::muted);
    m_verdict->setText(same ? tr("\u2713 That is the order.")
                            : (order ? QStringLiteral("\u00d7 ") : QString()) + tr("It is: %1.").arg(words.join(QStringLiteral(" > "))));
}

bool OrderBox::eventFilter(QObject* watched, QEvent* event) {
    const bool asked = event->type() == QEvent::ShortcutOverride;  // a page may have a use for these keys too
    if ((event->type() != QEvent::KeyPress && !asked) || m_revealed) return PredictionBox::eventFilter(watched, event);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (asked) {
        const bool moves = key->modifiers().testFlag(Qt::AltModifier) && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down);
        if (!moves) return PredictionBox::eventFilter(watched, event);
        event->accept();
        return true;
    }
    if (key->key() == Qt::Key_Return && !m_touched) {
        touched();
        return true;
    }
    const int by = key->key() == Qt::Key_Up ? -1 : key->key() == Qt::Key_Down ? 1 : 0;
    const int from = m_list->currentRow(), to = from + by;
    if (by == 0 || !key->modifiers().testFlag(Qt::AltModifier) || to < 0 || to >= m_list->count())
        return PredictionBox::eventFilter(watched, event);
    m_list->insertItem(to, m_list->takeItem(from));
    m_list->setCurrentRow(to);
    touched();
    return true;
}

}  // namespace lab
