#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/components.h"

namespace lab {

/// Components with their sentence, formula and source; a disc marks those that the model has. Up and Down choose one; Enter, or a click,
/// leads to its stage or setting, a click on the setting at its right to that.
class ComponentList : public QWidget {
    Q_OBJECT

public:
    explicit ComponentList(QWidget* parent = nullptr);

    void setComponents(std::vector<explain::Component> components);
    const std::vector<explain::Component>& components() const { return m_components; }
    int chosen() const { return m_chosen; }
    /// Of a component, without the title of its group.
    QRect rowRect(int row) const;
    /// Where its setting stands.
    QRect settingRect(int row) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    /// -> its stage where it has one
    void opened(int row);
    void settingWanted(const QString& key);
    void moved(const QRect& row);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void choose(int row);
    void describe();
    int rowAt(const QPointF& point) const;
    bool beginsGroup(int row) const;
    const explain::Component& at(int row) const { return m_components[static_cast<std::size_t>(row)]; }
    QString settingText(int row) const;
    void paintRow(QPainter& painter, int row) const;

    std::vector<explain::Component> m_components;
    int m_chosen = 0;
};

}  // namespace lab
