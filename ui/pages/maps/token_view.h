#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "core/analysis/token_reach.h"
#include "ui/runs/focus.h"
#include "ui/scenes/maps_scene.h"

class QComboBox;

namespace lab {

class Map;
class PanelFrame;

/// One token through all layers and heads: a row a head; left where it looks, right who looks at it. A click takes the head in hand.
class TokenView : public QWidget {
    Q_OBJECT

public:
    explicit TokenView(Focus& focus, QWidget* parent = nullptr);

    void look(const MapsScene& scene, const std::shared_ptr<const Trace>& trace, std::int64_t step);
    Map& fromMap() const { return *m_from; }
    Map& toMap() const { return *m_to; }
    QComboBox& tokens() const { return *m_tokens; }
    std::int64_t drawnStep() const { return m_step; }

signals:
    void headOpened(int block, int head);

private:
    void connectMap(Map& map, bool from);
    void takeToken(int token);
    void show();
    void showMap(Map& map, PanelFrame& panel, const std::vector<float>& values, const QString& title);
    const MapsBlock* blockOfToken() const;

    Focus& m_focus;
    MapsScene m_scene;
    std::shared_ptr<const Trace> m_trace;
    std::int64_t m_step = -1;
    TokenReach m_reach;
    PanelFrame *m_fromPanel, *m_toPanel;
    Map *m_from, *m_to;
    QComboBox* m_tokens;
};

}  // namespace lab
