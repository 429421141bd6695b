// SPDX-License-Identifier: MIT
// runnel: diffusion on graphs. Everything at once; or include the door headers you need.
#pragma once

#include <runnel/core.hpp>
#include <runnel/cost.hpp>
#include <runnel/credit.hpp>
#include <runnel/engine.hpp>
#include <runnel/event.hpp>
#include <runnel/fanout.hpp>
#include <runnel/graph.hpp>
#include <runnel/host.hpp>
#include <runnel/io.hpp>
#include <runnel/learn.hpp>
#include <runnel/recall.hpp>
#include <runnel/split.hpp>
#include <runnel/version.hpp>
#include <runnel/weight.hpp>
