#pragma once

#include <QWidget>
#include <vector>

#include "core/explain/components.h"

class QLineEdit;
class QScrollArea;

namespace lab {

class ComponentList;
class EmptyState;

/// The catalogue of components, found by what one types.
class ComponentsView : public QWidget {
    Q_OBJECT

public:
    explicit ComponentsView(QWidget* parent = nullptr);

    /// Those of the experiment marked; `walk`: whose stages they lead to.
    void setComponents(std::vector<explain::Component> components, const explain::Walk& walk);
    QLineEdit& field() const { return *m_field; }
    ComponentList& list() const { return *m_list; }

signals:
    void chosen(const QString& stage);
    void settingWanted(const QString& key);

protected:
    void focusInEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fill();
    void open(int row);

    std::vector<explain::Component> m_components;
    std::vector<std::string> m_stages;  ///< of the walk, one a component; empty: none
    QLineEdit* m_field;
    QScrollArea* m_scroll;
    ComponentList* m_list;
    EmptyState* m_empty;
};

}  // namespace lab
