// SPDX-License-Identifier: MIT
// room: graph. Door: the immutable graph, its store of weights, the builder, the adapter concept.
//
// Why:  topology never changes, weights learn, and the engine sees both through one small concept.
#pragma once

#include <runnel/core.hpp>
#include <runnel/graph/adapters.hpp>
#include <runnel/graph/batch.hpp>
#include <runnel/graph/builder.hpp>
#include <runnel/graph/columns.hpp>
#include <runnel/graph/concepts.hpp>
#include <runnel/graph/divergence.hpp>
#include <runnel/graph/laws.hpp>
#include <runnel/graph/rows.hpp>
#include <runnel/graph/signatures.hpp>
#include <runnel/graph/store.hpp>
#include <runnel/graph/topology.hpp>
