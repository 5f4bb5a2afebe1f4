#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/walk.h"

namespace lab {

/// The list of stages: where one is, what was, what comes. Up and Down, Home and End, a click.
class StageRail : public QWidget {
    Q_OBJECT

public:
    explicit StageRail(QWidget* parent = nullptr);

    struct Entry {
        QString symbol, caption;
        bool backward = false;
        QString group = {};  ///< a thin line where it changes
        bool operator==(const Entry&) const = default;
    };
    void setEntries(const std::vector<Entry>& entries);
    void setCurrent(int index);
    int current() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    double rowHeight() const;
    void describe();

    std::vector<Entry> m_entries;
    int m_current = 0;
};

}  // namespace lab
