#pragma once

#include <QObject>
#include <QStringList>

namespace lab {

class MainWindow;
struct PartRow;

/// Hides parts of the window (ui/window/part_table.h) with their keys, for a lecturer and for the lesson that is open, and shows them
/// again: at once, and without gaps.
class PartHiding : public QObject {
    Q_OBJECT

public:
    explicit PartHiding(MainWindow& window, QObject* parent = nullptr);

    /// Names that the table does not have are passed over; the pages that are left are never none.
    void setChosen(const QStringList& hidden);
    void setLessons(const QStringList& hidden);
    /// What the lecturer hides, in the order of the table.
    const QStringList& chosen() const { return m_chosen; }
    const QStringList& lessons() const { return m_lessons; }
    /// What is hidden by either.
    QStringList hidden() const;

signals:
    void changed();

private:
    void apply();

    MainWindow& m_window;
    QStringList m_chosen, m_lessons;
};

}  // namespace lab
