#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>
#include <vector>

namespace lab {

/// Shows a part of a window alone while it lives: what stands beside it, and beside what it stands in, is away. Whoever shows or hides such
/// a thing meanwhile is heard: it is there when this goes, or not.
class Alone : public QObject {
public:
    /// Up to `within`, which is not touched; nor are `kept`.
    Alone(QWidget& part, QWidget& within, const std::vector<QWidget*>& kept);
    ~Alone() override;

    const QWidget* part() const { return m_part; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Beside {
        QPointer<QWidget> widget;
        bool wanted;  ///< by its owner
    };
    void putAway(QWidget* beside);

    QPointer<QWidget> m_part;
    std::vector<QWidget*> m_kept;
    std::vector<Beside> m_beside;
    bool m_hiding = false, m_leaving = false;
};

}  // namespace lab
