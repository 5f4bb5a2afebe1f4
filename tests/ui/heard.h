#pragma once

#include <QAccessible>
#include <QString>
#include <QStringList>
#include <QWidget>
#include <vector>

// What a screen reader has of a window, without a screen reader.

namespace lab::testing {

struct Heard {
    QAccessible::Role role;
    QString name, description, value;
    bool isStop;
    const void* parent;  ///< whose children are told one after the other
    QString object;      ///< its kept name, else that of its class

    QString told() const { return QStringLiteral("'%1' '%2' (role %3, %4)").arg(name, description).arg(role).arg(object); }
};

/// The name, or what stands on the label beside it.
inline QString nameOf(QAccessibleInterface& each) {
    const QString own = each.text(QAccessible::Name);
    if (!own.isEmpty()) return own;
    QStringList beside;
    for (const auto& [label, relation] : each.relations(QAccessible::Label)) beside << label->text(QAccessible::Name);
    return beside.join(QLatin1Char(' '));
}

/// Tab comes there; what has no widget of its own is asked itself.
inline bool isStop(QAccessibleInterface& each) {
    const auto* widget = qobject_cast<const QWidget*>(each.object());
    const bool byTab = !widget || (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
    return byTab && each.state().focusable != 0 && each.state().disabled == 0;
}

inline Heard heard(QAccessibleInterface& each) {
    const QObject* object = each.object();
    const QString kept = object ? object->objectName() : QString();
    return {each.role(),
            nameOf(each),
            each.text(QAccessible::Description),
            each.text(QAccessible::Value),
            isStop(each),
            each.parent(),
            kept.isEmpty() && object ? QLatin1String(object->metaObject()->className()) : kept};
}

/// All that is seen of it, tables with their cells up to `cells` of each.
inline void hear(QAccessibleInterface* whole, std::vector<Heard>& all, int cells) {
    if (!whole || whole->state().invisible) return;
    all.push_back(heard(*whole));
    if (auto* table = whole->tableInterface()) {
        for (int cell = 0; table->columnCount() > 0 && cell < std::min(cells, table->rowCount() * table->columnCount()); ++cell)
            if (auto* at = table->cellAt(cell / table->columnCount(), cell % table->columnCount())) all.push_back(heard(*at));
        return;
    }
    for (int child = 0; child < whole->childCount(); ++child) hear(whole->child(child), all, cells);
}

inline std::vector<Heard> heardIn(QWidget& window, int cells = 40) {
    std::vector<Heard> all;
    hear(QAccessible::queryAccessibleInterface(&window), all, cells);
    return all;
}

}  // namespace lab::testing
